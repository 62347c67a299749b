/** The start screen, `help`, and words of other tools. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import type { Machine } from "../../lib/lab/machine.ts";
import { stages } from "../../scripts/mod.ts";
import { GROUPS } from "../../scripts/tasks/groups.ts";
import { OTHER_WORDS } from "../../scripts/tasks/other_words.ts";
import {
  startLines,
  type Whereabouts,
} from "../../scripts/tasks/start_lines.ts";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

const machine: Machine = {
  kind: "sandbox",
  name: "a-name-of-thirty-one-letters-12",
  pid: 2,
  isNew: false,
};

/** The screen, which fits above a prompt in 80 by 24 wherever the lab is. */
function screen(where: Whereabouts): string {
  const lines = startLines(stages, where);
  assert(lines.length <= 23, `${lines.length} lines`);
  for (const line of lines) assert(line.length <= 80, line);
  return lines.join("\n");
}

Deno.test("start screen: says where you are, and what to type next", () => {
  const nowhere = screen("nowhere");
  assertStringIncludes(nowhere, "Start     deno task read netns");
  assert(!/[·✓]/.test(nowhere), "nothing is said of a lab that is not there");
  assertStringIncludes(screen("unknown"), "Where?    deno task status");
  for (let level = 0; level <= stages.length; level++) {
    const inPlace = stages.map((_, i) => i < level);
    const progress = { inPlace, level, beyond: false };
    const text = screen({ machine, progress });
    assertEquals(text.match(/✓/g)?.length ?? 0, level);
    const next = stages[level];
    assertStringIncludes(
      text,
      next ? `deno task stage:${next.name} ` : "All there deno task status ",
    );
  }
  const inPlace = stages.map((_, i) => i !== 3);
  const hole = screen({
    machine,
    progress: { inPlace, level: 3, beyond: true },
  });
  assertStringIncludes(
    hole,
    "· 4 attach   the cables are plugged in  <- missing",
  );
});

Deno.test("help: shows every task once, in 80 columns", () => {
  const shown = GROUPS.flatMap(({ tasks }) => tasks);
  assertEquals(shown.toSorted(), Object.keys(config.tasks).toSorted());
  for (const [name, { description }] of Object.entries(config.tasks)) {
    assert(description.length <= 73, `${name}: \`deno task\` shows it as well`);
  }
});

Deno.test("other words: each is there once, none is a task, and all name tasks", () => {
  const words = OTHER_WORDS.flatMap(({ words }) => words);
  assertEquals(words.length, new Set(words).size);
  for (const word of words) {
    for (const task of [word, `stage:${word}`, `beyond:${word}`]) {
      assert(!(task in config.tasks), word);
    }
  }
});

/** Types `./lab …` at this PC. */
async function type(pc: Throwaway, ...words: string[]) {
  return await pc.exec([
    ...["env", `--chdir=${ROOT}`, "--unset=LAB_MACHINE", "--unset=LAB_ON"],
    ...["NO_COLOR=1", "./lab", ...words],
  ]);
}

Deno.test("./lab: asks the sandbox where you are, and makes none", async () => {
  await using pc = await throwaway();
  // Its state files are this PC's own from here on.
  await pc.type("read");
  const before = await type(pc);
  assertEquals([before.code, before.stderr], [0, ""]);
  assertStringIncludes(before.stdout, "Start     ./lab read netns");
  assertEquals((await pc.run(`ls ${ROOT}.lab/sandbox`)).stdout, "");

  await pc.type("stage:addr --quiet");
  // It waits some seconds at most; a busy machine may take longer.
  const deadline = Date.now() + 60_000;
  let screen = await type(pc);
  while (/^Where/m.test(screen.stdout) && Date.now() < deadline) {
    screen = await type(pc);
  }
  const { code, stdout, stderr } = screen;
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, '\nMachine: sandbox "default"\n');
  assertStringIncludes(stdout, "✓ 6 addr     everybody gets an address\n");
  assertStringIncludes(
    stdout,
    "· 7 forward  the PC becomes a router  <- next\n",
  );
  assertStringIncludes(stdout, "Next      ./lab read forward");
});

Deno.test("./lab: knows short names, and says what to type for other tools' words", async () => {
  await using pc = await throwaway();
  for (const line of (await type(pc, "help")).stdout.split("\n")) {
    assert(line.length <= 80, line);
  }
  const out = async (...words: string[]) => {
    const { code, stdout, stderr } = await type(pc, ...words);
    return `${code} ${stdout}${stderr}`;
  };
  for (
    const [words, said] of [
      [["help", "nat"], "0 ./lab stage:nat [OPTIONS]\n"],
      [["help", "stage", "nat"], "0 ./lab stage:nat [OPTIONS]\n"],
      [["nat", "--help"], "0 ./lab stage:nat [OPTIONS]\n"],
      [["stage", "nat", "-h"], "0 ./lab stage:nat [OPTIONS]\n"],
      [["help"], "0 The stages\n"],
      [["--help"], "0 The stages\n"],
      [["--version"], "0 docker0-by-hand, "],
      [
        ["reset"],
        '2 Unknown task "reset".\nTo begin anew: ./lab down, then ./lab stage:nat\n',
      ],
      [["stop"], '2 Unknown task "stop".\nTo take it all away: ./lab down\n'],
      [
        ["stage"],
        '2 Unknown task "stage".\nName one, such as ./lab stage:netns',
      ],
      [
        ["stage:nta"],
        '2 Unknown task "stage:nta".\nDid you mean ./lab stage:nat?\n',
      ],
      [["nta"], '2 Unknown task "nta".\nDid you mean ./lab stage:nat?\n'],
      [["\x1b[2J"], '2 Unknown task "\\u001b[2J".\n'],
      [
        [""],
        '2 Unknown task "".\nAll tasks: ./lab help. Where you are: ./lab\n',
      ],
    ] as const
  ) {
    assertStringIncludes((await out(...words)).slice(0, said.length), said);
  }
});
