/**
 * Opens pictures in a real browser, light and dark, and tells what is wrong
 * with them: texts that overlap, that leave the picture, or that lie across
 * the edge of a box. A process of its own, since the browser's driver asks for
 * more than tests may.
 *
 *     deno run --allow-all tests/engines/measure_pictures.ts < pictures.json
 *
 * Reads `[{ "name", "svg" }]` and prints `[{ "name", "scheme", "texts",
 * "paper", "faults" }]`.
 */

import { CHROMIUM_FLAGS, chromiumPath, PLAYWRIGHT } from "./browser.ts";

/** What we use of the driver. */
interface Page {
  emulateMedia(media: { colorScheme: "light" | "dark" }): Promise<void>;
  setContent(html: string): Promise<void>;
  evaluate<T>(script: string): Promise<T>;
}

/** Runs in the browser. */
const MEASURE = `(() => {
  const svg = document.querySelector("svg");
  const sheet = svg.getBoundingClientRect();
  const rect = (it) => ({ it, name: it.textContent.trim(), ...box(it) });
  const box = (it) => {
    const { left, right, top, bottom } = it.getBoundingClientRect();
    return { left, right, top, bottom };
  };
  const texts = [...svg.querySelectorAll("text")].map(rect);
  const boxes = [...svg.querySelectorAll("rect.box")].map(rect);
  const shapes = [...svg.querySelectorAll("rect, path")].map(rect);
  const meet = (a, b) =>
    a.left < b.right - 0.5 && b.left < a.right - 0.5 &&
    a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  const inside = (a, b) =>
    a.left >= b.left - 0.5 && a.right <= b.right + 0.5 &&
    a.top >= b.top - 0.5 && a.bottom <= b.bottom + 0.5;
  const faults = [];
  texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
    if (meet(a, b)) faults.push(a.name + " overlaps " + b.name);
  }));
  for (const it of [...texts, ...shapes]) {
    if (!inside(it, sheet)) faults.push((it.name || it.it.outerHTML) + " leaves the picture");
  }
  for (const text of texts) {
    for (const box of boxes) {
      if (meet(text, box) && !inside(text, box)) {
        faults.push(text.name + " lies across an edge");
      }
    }
  }
  const paper = getComputedStyle(svg.querySelector(".paper")).fill;
  return { texts: texts.length, paper, faults };
})()`;

const pictures: { name: string; svg: string }[] = JSON.parse(
  await new Response(Deno.stdin.readable).text(),
);
const { chromium } = await import(PLAYWRIGHT);
const folder = await Deno.makeTempDir({ prefix: "lab-browser-" });
const browser = await chromium.launchPersistentContext(folder, {
  executablePath: chromiumPath(),
  args: CHROMIUM_FLAGS,
  viewport: { width: 1600, height: 1200 },
});
try {
  const page: Page = await browser.newPage();
  const measured = [];
  for (const { name, svg } of pictures) {
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const found = await page.evaluate<object>(MEASURE);
      measured.push({ name, scheme, ...found });
    }
  }
  console.log(JSON.stringify(measured));
} finally {
  await browser.close();
  await Deno.remove(folder, { recursive: true });
}
