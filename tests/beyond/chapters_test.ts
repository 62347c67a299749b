/** What holds for every chapter after the nine stages. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import type { Chapter } from "../../lib/course/chapter.ts";
import { isInPlace } from "../../lib/lab/chapter_lab.ts";
import { readPage } from "../../lib/course/page.ts";
import { chapters } from "../../scripts/beyond/mod.ts";
import { stages } from "../../scripts/mod.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";

const source = ({ name }: Chapter) =>
  Deno.readTextFileSync(
    new URL(`../../scripts/beyond/${name}.ts`, import.meta.url),
  );
const known = [...stages, ...chapters].map(({ name }) => name);

for (const chapter of chapters) {
  const { name, idea, from, commands, undo, probes } = chapter;

  Deno.test(`chapter ${name}: is a page that fits 80 columns, and a task`, () => {
    const page = readPage(source(chapter));
    assertEquals(page.header[0], `Chapter ${name}.`);
    assertEquals(page.commands.map(({ line }) => line), [...commands]);
    assertEquals(page.undo.map(({ line }) => line), [...undo]);
    assertEquals(
      page.probes.map(({ line }) => line),
      probes.map(({ command }) => command),
    );
    assert(page.commands[0].comment.length > 0, "the first command says why");
    assert(page.reach.length > 0, "what works is told");
    const prose = [page.header, page.reach]
      .concat([...page.commands, ...page.look].map(({ comment }) => comment));
    prose.flat().forEach((line) => assert(line.length <= 78, line));
    assert(from === undefined || known.includes(from), `no ${from}`);
    const tasks: Record<string, { description: string }> = config.tasks;
    const { description } = tasks[`beyond:${name}`];
    assertEquals(description, `After the nine: ${idea}`);
  });

  // Docker's own has tests of its own, with a real engine.
  if (name === "docker") continue;

  Deno.test(`chapter ${name}: keeps its promises, and leads back`, async () => {
    await using lab = await throwaway();
    const first = await lab.task(`beyond:${name} --json`);
    assertEquals([first.code, first.stderr], [0, ""], first.stdout);
    const { answers, ran } = JSON.parse(first.stdout);
    assertEquals(ran, [...commands]);
    assertEquals(
      answers.map(({ verdict }: { verdict: string }) => verdict),
      probes.map(({ verdict }) => verdict),
    );
    await showsAll(lab, chapter);

    const second = await lab.task(`beyond:${name} --json`);
    assertEquals(second.code, 0, second.stderr);
    assertEquals(JSON.parse(second.stdout).ran, [], "runs nothing twice");

    const back = await lab.task(`beyond:${name} --undo --json`);
    assertEquals(JSON.parse(back.stdout).ran, [...undo], back.stderr);
    assert(!isInPlace(chapter, await lab.snapshot()), "it is taken back");
    const again = await lab.task(`beyond:${name} --undo`);
    assertStringIncludes(again.stdout, "nothing to do");
    await isAt(lab, from);

    const anew = await lab.task(`beyond:${name} --quiet`);
    assertEquals(anew.code, 0, `after its undo: ${anew.stdout}${anew.stderr}`);
  });
}

/** Every look shows what it is said to show. */
async function showsAll(lab: Throwaway, { look }: Chapter) {
  for (const { command, shows } of look) {
    const { code, stdout, stderr } = await lab.run(command);
    assertEquals([code, stderr], [0, ""], command);
    const words = stdout.replace(/\s+/g, " ");
    assertStringIncludes(words, shows, command);
    if (shows === "") assertEquals(words, "", command);
  }
}

/** The lab is where the chapter started from. */
async function isAt(lab: Throwaway, from: string | undefined) {
  const snapshot = await lab.snapshot();
  const chapter = chapters.find(({ name }) => name === from);
  if (chapter) return assert(isInPlace(chapter, snapshot), from);
  const { stdout } = await lab.task("status --json");
  const inPlace = JSON.parse(stdout).stages
    .filter((stage: { inPlace: boolean }) => stage.inPlace);
  const upTo = stages.findIndex(({ name }) => name === from) + 1;
  assertEquals(inPlace.length, upTo, `back at ${from}`);
}

Deno.test("chapter: has a sandbox of its own name, and leaves a lab as it is", async () => {
  await using pc = await throwaway();
  await pc.type("stage:addr --quiet");
  const chapter = await pc.type("beyond:modes --quiet");
  assertEquals(chapter.code, 0, chapter.stderr);
  const { stdout } = await pc.type("status --json");
  const inPlace = JSON.parse(stdout).stages
    .filter((stage: { inPlace: boolean }) => stage.inPlace)
    .map(({ name }: { name: string }) => name);
  assertEquals(inPlace.at(-1), "addr");
  const away = await pc.type("down --all");
  assertStringIncludes(away.stdout, 'Sandbox "default" is gone.');
  assertStringIncludes(away.stdout, 'Sandbox "modes" is gone.');
});

Deno.test("chapter: refuses any machine but a sandbox", async () => {
  await using lab = await throwaway("here");
  const { code, stderr } = await lab.task("beyond:shortcut");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "it runs in a sandbox only");
  const { machine } = await lab.snapshot();
  assertEquals(machine.links.map(({ name }) => name), ["lo", "eth0"]);
});

Deno.test("chapter: a command that fails is told in the kernel's words", async () => {
  await using lab = await throwaway();
  await lab.run("ip link add name br0 type bridge");
  const { code, stderr } = await lab.task("beyond:without-netns");
  assertEquals(code, 3);
  assertStringIncludes(
    stderr,
    "`ip link add name br0 type bridge`: File exists.",
  );
  assertStringIncludes(stderr, "Begin anew: deno task down --name throwaway");
});

Deno.test("chapter: an answer that differs from the promise gives 1", async () => {
  await using lab = await throwaway();
  await lab.task("beyond:modes");
  await lab.run("iptables -t nat -F POSTROUTING");
  const { code, stdout } = await lab.task("beyond:modes");
  assertEquals(code, 1, stdout);
  assertStringIncludes(stdout, "✗ bridge to 8.8.8.8");
  assertStringIncludes(stdout, "(promised: ok)");
});

Deno.test("read: shows a chapter as a page, and all of them in the contents", async () => {
  await using lab = await throwaway();
  const contents = await lab.task("read");
  chapters.forEach(({ name, idea }) =>
    assertStringIncludes(contents.stdout, `${name.padEnd(14)} ${idea}`)
  );
  const { stdout } = await lab.task("read publish");
  assertStringIncludes(stdout, "Chapter publish. ");
  assertStringIncludes(stdout, "ns2 to 203.0.113.2:8080          ok");
  assertStringIncludes(stdout, "deno task beyond:publish");
});
