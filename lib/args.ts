/** Reads a task's words, and says in one sentence what is wrong with them. */

import { parseArgs } from "@std/cli/parse-args";
import { didYouMean } from "./nearest.ts";
import { EXIT, Problem } from "./problem.ts";
import { type Call, COMMON, type Task } from "./task.ts";

/**
 * Sorts the words of a command line into options, words and what comes after
 * `--`. Throws a {@linkcode Problem} with exit code 2 for an unknown option, a
 * missing value or a word too many.
 */
export function readArgs(
  task: Task,
  args: readonly string[],
): Pick<Call, "flags" | "words" | "rest"> {
  const options = { ...task.options, ...COMMON };
  const valued = Object.keys(options).filter((name) => options[name].value);
  const switches = Object.keys(options).filter((name) => !options[name].value);
  const { _, "--": rest, h: _h, ...flags } = parseArgs([...args], {
    string: ["_", ...valued],
    boolean: switches,
    alias: { help: "h" },
    "--": true,
    unknown: (word, name) => {
      if (name === undefined || name === "") return true;
      throw usage(
        task,
        `Unknown option ${word.replace(/=.*/, "")}.`,
        didYouMean(
          `--${name}`,
          Object.keys(options).map((known) => `--${known}`),
        ),
      );
    },
  });
  for (const name of valued) {
    if (flags[name] === "") {
      throw usage(task, `Option --${name} needs a value.`);
    }
  }
  const words = _.map(String);
  if (words.length > task.words) {
    throw usage(task, `Unexpected word ${JSON.stringify(words[task.words])}.`);
  }
  return { flags, words, rest: rest ?? [] };
}

function usage(task: Task, message: string, hint = ""): Problem {
  return new Problem(
    message,
    [hint, `Usage: deno task ${task.name} ${task.usage}`.trim()]
      .filter(Boolean).join(" "),
    EXIT.usage,
  );
}

/** The help text of a task. */
export function helpText(task: Task): string {
  const options = Object.entries({ ...task.options, ...COMMON });
  const rows = options.map(([name, { value, about }]) =>
    `  ${`--${name}${value ? ` ${value}` : ""}`.padEnd(16)} ${about}`
  );
  return [
    `deno task ${task.name} ${task.usage}`.trim(),
    "",
    task.about,
    "",
    "Options:",
    ...rows,
    "",
    "Exit codes: 0 all as expected, 1 something differs from what is promised,",
    "2 wrong usage, 3 could not run or could not check.",
  ].join("\n");
}
