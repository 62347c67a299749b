/**
 * `./lab help [TASK]`, and `./lab WORD` for a word that is no task: lists the
 * tasks, or names the one that was meant.
 */

import config from "../../deno.json" with { type: "json" };
import { EXIT } from "../../lib/cli/problem.ts";
import { afterAll, bold, dim, say, tell } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { quoteWord } from "../../lib/cli/word.ts";
import { ROOT } from "../../vm/path.ts";
import { GROUPS, TASKS } from "./groups.ts";
import { nameOf, unknownTask } from "./unknown_task.ts";
import { t } from "../../lib/cli/translate.ts";

Deno.exit(afterAll(await answer(Deno.args)));

async function answer([word, ...more]: string[]): Promise<number> {
  // `help stage nat` is help on `stage:nat`; options say nothing here.
  const about = more.filter((each) => !each.startsWith("-")).join(":");
  if (/^(help|-h|--help)$/.test(word)) {
    const task = nameOf(about);
    if (task) return await helpOf(task);
    const first = nameOf(about.split(":")[0]);
    if (first) {
      tell(t`Unexpected word ${quoteWord(about.split(":")[1])}.`);
      tell(t`Help is on one task: ${typed(`help ${first}`)}`);
      return EXIT.usage;
    }
    if (about && about !== "help") return unknownTask(about);
    allTasks().forEach((line) => say(line));
    return EXIT.ok;
  }
  if (/^(version|--version|-V)$/.test(word)) {
    versions().forEach((line) => say(line));
    return EXIT.ok;
  }
  return unknownTask(word);
}

async function helpOf(task: string): Promise<number> {
  const { command } = Object.entries(config.tasks)
    .find(([name]) => name === task)![1];
  const [program, ...args] = command.split(" ");
  const { code } = await new Deno.Command(program, {
    args: [...args, "--help"],
    cwd: ROOT,
  }).spawn().status;
  return code;
}

function allTasks(): string[] {
  const groups = GROUPS.filter(({ tasks }) => tasks.length > 0);
  return groups.flatMap(({ title, tasks }) => {
    const width = Math.max(...tasks.map((name) => name.length)) + 2;
    return [
      bold(title[0].toUpperCase() + title.slice(1)),
      ...tasks.map((name) => `  ${name.padEnd(width)}${dim(aboutOf(name))}`),
      "",
    ];
  }).concat(t`More of one: ${typed("help TASK")}`);
}

function aboutOf(name: string): string {
  return TASKS[name].replace(/^(Stage \d of \d|After the nine): /, "");
}

/** What a report of a fault should name. */
function versions(): string[] {
  const kernel = read("/proc/sys/kernel/osrelease");
  return [
    t`docker0-by-hand, ${commit() ?? "not from a git checkout"}`,
    t`Deno ${Deno.version.deno}`,
    kernel ? t`Linux ${kernel}` : `${Deno.build.os} ${Deno.build.arch}`,
  ];
}

/** The commit that is checked out, asked of git's own files. */
function commit(): string | undefined {
  const pointer = read(`${ROOT}.git`)?.match(/^gitdir: (.*)/)?.[1];
  const git = pointer ? `${pointer}/` : `${ROOT}.git/`;
  const head = read(`${git}HEAD`);
  const ref = head?.match(/^ref: (.*)/)?.[1];
  const packed = read(`${git}packed-refs`)?.split("\n")
    .find((line) => line.endsWith(` ${ref}`));
  const hash = ref ? read(git + ref) ?? packed : head;
  return hash && t`commit ${hash.slice(0, 7)}`;
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return undefined;
  }
}
