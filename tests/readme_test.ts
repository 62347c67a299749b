/** What the README says, held against the project. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { figureLines } from "../lib/draw/terminal_figure.ts";
import { stages } from "../scripts/mod.ts";
import { ROOT, throwaway } from "./throwaway.ts";

const readme = Deno.readTextFileSync(`${ROOT}README.md`);

Deno.test("README: shows the finished lab as the kernel has it", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  const figure = figureLines(await lab.snapshot()).join("\n");
  assertStringIncludes(readme, `\`\`\`text\n${figure}\n\`\`\``);
});

Deno.test("README: promises of each stage what the stage promises", () => {
  const rows = readme.matchAll(
    /^\| `(\w+)` +\| (.*?) +\| (\S+) +\| (\S+) +\|$/gm,
  );
  assertEquals(
    [...rows].map(([, name, idea, ns2, internet]) =>
      [name, idea, ns2, internet].map((word) => word.replaceAll("*", ""))
    ),
    stages.map(({ name, idea, reach }) => [
      name,
      idea,
      reach.ns2,
      reach.internet,
    ]),
  );
});

Deno.test("README and docs: name tasks that there are, and files that are there", async () => {
  for (const path of ["README.md", "CONTRIBUTING.md", "docs/vm.md"]) {
    const text = await Deno.readTextFile(`${ROOT}${path}`);
    const named = text.matchAll(/(?:\.\/lab|deno task) ([a-z][a-z:-]*)/g);
    for (const [, task] of named) {
      assertEquals(task in config.tasks, true, `${path}: no task ${task}`);
    }
    const folder = path.replace(/[^/]*$/, "");
    for (const [, link] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      await Deno.stat(`${ROOT}${folder}${link}`);
    }
  }
});
