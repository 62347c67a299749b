/** The task that every chapter is: run it in its own sandbox, and prove it. */

import type { Chapter } from "../course/chapter.ts";
import { bringAbout, isInPlace, takeBack } from "../lab/chapter_lab.ts";
import { locked } from "../lab/lock.ts";
import { readPage } from "../course/page.ts";
import { answerLines, answersExit, askAll } from "../reach/chapter_probe.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { machineLine } from "../lab/report_lines.ts";
import { snapshotFor } from "../course/snapshot_for.ts";
import { emptySnapshot } from "../net/snapshot.ts";
import type { Call, Task } from "./task.ts";
import { bold, dim, say } from "../cli/terminal.ts";
import { typed } from "../cli/typed.ts";
import { t } from "../cli/translate.ts";

/** Makes the task of a chapter, whose source is at `url`. */
export function chapterTask(chapter: Chapter, url: string): Task {
  return {
    name: `beyond:${chapter.name}`,
    about: t`Chapter ${chapter.name}: ${chapter.idea}.\n
    In a sandbox of its own, "${chapter.name}", it starts from ${
      startOf(chapter)
    },\nand shows what reaches what.`,
    usage: "[OPTIONS]",
    words: 0,
    where: "machine",
    sandbox: chapter.name,
    needs: chapter.needs,
    options: {
      undo: { about: t`take the chapter back` },
      "dry-run": { about: t`show the commands, run none` },
      json: { about: t`print one JSON object and nothing else` },
      quiet: { about: t`print what reaches what and nothing else` },
    },
    main: (call) => {
      if (call.flags["dry-run"]) return dryRun(chapter, call);
      return locked(() =>
        orBeginAnew(call, () => runChapter(chapter, url, call))
      );
    },
  };
}

/** Whatever fails half-way, the sandbox can be made anew. */
async function orBeginAnew(
  { machine }: Call,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.next) throw error;
    const next = t`Begin anew: ${typed(`down --name ${machine.name}`)}`;
    throw new Problem(error.message, next, error.exit);
  }
}

async function runChapter(
  chapter: Chapter,
  url: string,
  { flags, machine, stages, chapters }: Call,
): Promise<number> {
  needsSandbox(machine.kind, chapter.name);
  callFromCheckout();
  const text = !flags.json && !flags.quiet;
  if (text) {
    say(machineLine(machine, "eth0"));
    say(dim(t`It is this chapter's own: a lab elsewhere is not touched.`));
    say(`\n${bold(chapter.name)}: ${chapter.idea}`);
  }
  const ran: string[] = [];
  const remarks = text
    ? comments(url, flags.undo ? "undo" : "commands")
    : new Map();
  const echo = (line: string, output: string) => {
    ran.push(line);
    if (!text) return;
    for (const remark of remarks.get(line) ?? []) say(dim(`  # ${remark}`));
    say(`  $ ${line}`);
    if (output) say(output.replace(/^/gm, "  "));
  };

  if (flags.undo) {
    const was = await takeBack(chapter, echo);
    if (flags.json) say(JSON.stringify({ chapter: chapter.name, ran }));
    else if (was) say(t`\nTaken back: the sandbox is at ${startOf(chapter)}.`);
    else say(t`\nChapter ${chapter.name} is not in place: nothing to do.`);
    return EXIT.ok;
  }
  await bringAbout(chapter, { stages, chapters: await chapters() }, echo);
  const answers = await askAll(chapter.probes);
  if (flags.json) {
    say(JSON.stringify({ chapter: chapter.name, machine, answers, ran }));
  } else if (flags.quiet) answerLines(answers).forEach((line) => say(line));
  else {
    if (ran.length === 0) say(t`  It is in place: nothing was run.`);
    say();
    answerLines(answers).forEach((line) => say(line));
    say();
    closing(chapter, machine.name).forEach((line) => say(line));
  }
  return answersExit(answers);
}

/** Where to go from here. */
function closing({ name, from, look }: Chapter, sandbox: string): string[] {
  return [
    ...look.map(({ command }) =>
      t`Look: ${typed(`exec --name ${sandbox} -- ${command}`)}`
    ),
    t`Look: ${typed(`draw --name ${sandbox}`)}`,
    // Where the lab is part of it, ns1 has a way to 8.8.8.8.
    ...(from ? [t`Look: ${typed(`trace --name ${sandbox}`)}`] : []),
    t`Back: ${typed(`beyond:${name} --undo`)}`,
    t`Away: ${typed(`down --name ${sandbox}`)}`,
  ];
}

async function dryRun(
  chapter: Chapter,
  { flags, machine }: Call,
): Promise<number> {
  const now = machine.kind === "none"
    ? emptySnapshot()
    : await snapshotFor([chapter]);
  const done = isInPlace(chapter, now);
  const lines = flags.undo
    ? (done ? chapter.undo : [])
    : (done ? [] : chapter.commands);
  if (flags.json) say(JSON.stringify({ wouldRun: lines }));
  else {
    const after = flags.undo || done ? "" : t`, from ${startOf(chapter)}`;
    say(lines.length ? t`Would run${after}:` : t`Would run nothing.`);
    lines.forEach((line) => say(`  $ ${line}`));
  }
  return EXIT.ok;
}

function startOf({ from }: Chapter): string {
  return from ?? t`an empty PC`;
}

/** Throws unless the machine may be rebuilt at will. */
export function needsSandbox(kind: string, name: string): void {
  if (kind === "sandbox") return;
  throw new Problem(
    t`Chapter ${name} rebuilds the network: it runs in a sandbox only.`,
    t`Type: ${typed(`beyond:${name} --on sandbox`)}`,
    EXIT.usage,
  );
}

/**
 * From here on, command lines name files of the checkout and the `deno` that
 * we are ourselves.
 */
export function callFromCheckout(): void {
  Deno.chdir(new URL("../..", import.meta.url));
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  Deno.env.set("PATH", `${folder}:${Deno.env.get("PATH") ?? ""}`);
}

/** The comment above each command, by command. */
function comments(
  url: string,
  part: "commands" | "undo",
): Map<string, string[]> {
  const page = readPage(Deno.readTextFileSync(new URL(url)));
  return new Map(page[part].map(({ comment, line }) => [line, comment]));
}
