/** Words that no task knows: one sentence, what to type, and exit code 2. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { helpText, readArgs } from "../../lib/task/args.ts";
import { chapterTask } from "../../lib/task/chapter_task.ts";
import { isPrintable } from "../../lib/cli/printable.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { stageTask } from "../../lib/task/stage_task.ts";
import type { Task } from "../../lib/task/task.ts";
import { dockerTask } from "../../lib/docker/docker_chapter.ts";
import { chapters } from "../../scripts/beyond/mod.ts";
import { stages } from "../../scripts/mod.ts";
import { throwaway } from "../throwaway.ts";

/** Every task of deno.json; `help` takes any word. */
const tasks = await Promise.all(
  Object.entries(config.tasks).filter(([name]) => name !== "help")
    .map(async ([name, { command }]): Promise<Task> => {
      const [path, word] = command.match(/\S+\.ts.*/)![0].split(" ");
      const stage = stages.find((each) => each.name === word);
      if (stage) return stageTask(stage, "");
      const chapter = chapters.find((each) => each.name === word);
      if (chapter) {
        return chapter.engine
          ? dockerTask(chapter, "")
          : chapterTask(chapter, "");
      }
      const { task } = await import(`../../${path}`);
      assert(task, name);
      return task;
    }),
);

const LONG = "x".repeat(100_000);

/** What is wrong whatever the task. */
const WRONG = [
  ...[["--nope"], ["--nope=1"], ["-x"], ["---"], ["--=x"], [
    "--no-name",
  ]],
  ...[["--name"], ["--name", ""], ["--name="], ["--on"], ["--on", "--name"]],
  ...[["--help=1"], ["--Help"], ["-hx"], ["--__proto__"], ["--constructor=1"]],
  ...[["--a.b=1"], [`--${LONG}`], ["--\x1b[31m\x9b\u202e\n\x07"], ["--é"]],
];

for (const task of tasks) {
  Deno.test(`usage: ${task.name} says in one sentence what is wrong with its words`, () => {
    const own = Object.entries(task.options).flatMap(([name, { value }]) =>
      value ? [[`--${name}`], [`--${name}=`]] : [[`--${name}=yes`]]
    );
    const tooMany = Array.from({ length: task.words + 1 }, () => LONG);
    // Of a command, every word is right.
    const words = task.command ? [] : [tooMany, [""]];
    for (const args of [...WRONG, ...own, ...words]) {
      const error = wrong(task, args);
      const shown = JSON.stringify(args).slice(0, 60);
      assert(error instanceof Problem, `${shown}: ${error}`);
      assertEquals(error.exit, 2, shown);
      assertMatch(error.message, /^[A-Z][^\p{Cc}\p{Cf}]{5,100}\.$/u, shown);
      assertMatch(error.next, /Usage: deno task /, shown);
    }
  });
}

function wrong(task: Task, args: string[]): unknown {
  try {
    return readArgs(task, args);
  } catch (error) {
    return error;
  }
}

Deno.test("usage: every help text fits into 80 columns, and says what the caller calls it", () => {
  Deno.env.set("LAB_CALL", "./lab");
  try {
    for (const task of tasks) {
      const lines = helpText(task).split("\n");
      assert(lines[0].startsWith(`./lab ${task.name}`), lines[0]);
      for (const line of lines) assert(line.length <= 80, line);
      assert(!/deno task/.test(lines.join("\n")), task.name);
    }
  } finally {
    Deno.env.delete("LAB_CALL");
  }
});

/** Typed for real: what is wrong with the words' own meaning. */
const TYPED = [
  ...["status --on junk", "status --on=\x1b[31m", "read nut", "export 5"],
  ...[
    "stage:nat --quiet -- --undo",
    "down -- --name x",
    "down --all --name x",
    "status -- x",
  ],
  ...["stage:nat --name A", "status --name ../x", "stage:nat --name a_b"],
  ...["stage:nat --subnet junk", "stage:nat --subnet 999.1.1.0/24"],
  ...["stage:nat --subnet 10.0.0.0/99", "read nat --subnet 0x10"],
  ...["draw --stage nut", "doctor --explain nut", "trace --tcp junk"],
  ...["status --json --nope", "read a b", "down --json", "exec", "exec --"],
  ...[
    "help nut",
    "test nut",
    "test tests/nut_test.ts",
    "stage:nat --only --undo --json",
    "export \x9b31m\u202e",
  ],
];

Deno.test("usage: what cannot be meant is exit code 2, two lines and no stack trace", async () => {
  await using pc = await throwaway();
  await Promise.all(TYPED.map(async (line) => {
    const { code, stdout, stderr } = await pc.type(line);
    assertEquals([line, code, stdout], [line, 2, ""], stderr);
    const lines = stderr.trimEnd().split("\n");
    assert(lines.length >= 2 && lines.length <= 3, stderr);
    assert(!/Unexpected:|^ {4}at |backtrace/m.test(stderr), stderr);
    assert(isPrintable(lines.join("")), line);
  }));
  const { code, stderr } = await pc.type("status", "LAB_ON=junk");
  assertEquals(code, 2);
  assertMatch(stderr, /^Unknown machine "junk"/);
});
