/** Reads a task's words, and says in one sentence what is wrong with them. */

import { parseArgs } from "@std/cli/parse-args";
import { didYouMean } from "../cli/nearest.ts";
import { ownArgs } from "../cli/own_args.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { type Call, COMMON, type Task } from "./task.ts";
import { caller } from "../cli/typed.ts";
import { wrap } from "../cli/wrap.ts";
import { quoteWord } from "../cli/word.ts";
import { t } from "../cli/translate.ts";

/**
 * Sorts the words of a command line into options, words and what is another
 * command's. Throws a {@linkcode Problem} with exit code 2 for an unknown option, a
 * missing value or a word too many.
 */
export function readArgs(
  task: Task,
  args: readonly string[],
): Pick<Call, "flags" | "words" | "rest"> {
  const options = { ...task.options, ...COMMON };
  const valued = Object.keys(options).filter((name) => options[name].value);
  const switches = Object.keys(options).filter((name) => !options[name].value);
  const own = ownArgs(args, task.command);
  checkOptions(task, options, own);
  const { _, h: _h, ...flags } = parseArgs(own, {
    string: ["_", ...valued],
    boolean: switches,
    alias: { help: "h" },
  });
  for (const name of valued) {
    if (flags[name] === "") {
      throw usage(task, `Option --${name} needs a value.`);
    }
  }
  const words = _.map(String);
  if (words.includes("")) throw usage(task, t`An empty word means nothing.`);
  if (words.length > task.words) {
    throw usage(task, t`Unexpected word ${quoteWord(words[task.words])}.`);
  }
  const rest = args.slice(own.length);
  if (!task.command && !task.rest && rest.length > 1) {
    throw usage(task, t`Unexpected word ${quoteWord(rest[1])}.`);
  }
  return { flags, words, rest: rest[0] === "--" ? rest.slice(1) : rest };
}

/** Throws for what looks like an option and is none of this task's. */
function checkOptions(
  task: Task,
  options: Task["options"],
  own: readonly string[],
): void {
  own.forEach((word) => {
    if (!word.startsWith("-") || word === "-" || word === "-h") return;
    const [name] = word.split("=", 1);
    const option = Object.hasOwn(options, name.slice(2)) &&
      name.startsWith("--") && options[name.slice(2)];
    if (!option) {
      const known = Object.keys(options).map((known) => `--${known}`);
      throw usage(
        task,
        t`Unknown option ${quoteWord(name).slice(1, -1)}.`,
        didYouMean(name, known),
      );
    }
    if (!option.value && word !== name) {
      throw usage(task, t`Option ${name} takes no value.`);
    }
  });
}

function usage(task: Task, message: string, hint = ""): Problem {
  return new Problem(
    message,
    [hint, t`Usage: ${caller()} ${task.name} ${task.usage}`.trim()]
      .filter(Boolean).join(" "),
    EXIT.usage,
  );
}

/** The help text of a task. Its own texts say `deno task` for the caller's word. */
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
    ...wrap(
      task.passesCode
        ? t`Exit code: that of what it runs; 2 wrong usage, 3 it could not be run.`
        : t`Exit codes: 0 all as expected, 1 something differs from what is promised,
        2 wrong usage, 3 could not run or could not check.`,
      0,
    ),
  ].join("\n").replaceAll("deno task", caller());
}
