/** Questions to other computers: asked for real, and held against a promise. */

import type { Outcome, Probe } from "../course/chapter.ts";
import { ownWords, type Result, run } from "../cli/command.ts";
import { bold, dim, green, red, yellow } from "../cli/terminal.ts";
import { judge } from "./ping.ts";
import { t } from "../cli/translate.ts";

/** A question with its answer. */
export interface Answer {
  /** Who asked. */
  from: string;
  /** Who was asked. */
  to: string;
  /** The command that was run. */
  command: string;
  /** What came of it. */
  verdict: Outcome;
  /** What the one who was asked said, or why he did not. */
  words: string;
  /** What was promised. */
  expected: Outcome;
  /** Undefined where it could not be checked. */
  asExpected?: boolean;
}

/** Asks all questions, side by side. The answers come in their order. */
export function askAll(probes: readonly Probe[]): Promise<Answer[]> {
  return Promise.all(probes.map(ask));
}

async function ask(
  { from, to, command, verdict: expected }: Probe,
): Promise<Answer> {
  let { verdict, words } = await askOnce(command);
  // A cable that was just switched on may take a busy kernel more than a second
  // to report: silence where an answer was promised is asked again, once.
  if (verdict === "no-reply" && expected === "ok") {
    ({ verdict, words } = await askOnce(command));
  }
  const asExpected = verdict === "could-not-check"
    ? undefined
    : verdict === expected;
  return { from, to, command, verdict, words, expected, asExpected };
}

async function askOnce(
  command: string,
): Promise<{ verdict: Outcome; words: string }> {
  const result = await run(command.split(" "));
  const isPing = / ping |^ping /.test(command);
  return isPing ? judgePing(result) : judgeHttp(result);
}

function judgePing(result: Result): { verdict: Outcome; words: string } {
  const { verdict, ttl, ms, words } = judge(result);
  return { verdict, words: words ?? t`ttl ${ttl}, ${ms} ms` };
}

/** The words of an HTTP client, of whatever make, for how a request ended. */
const ENDINGS: readonly [Outcome, RegExp][] = [
  ["refused", /connection refused/i],
  ["unreachable", /network is unreachable|no route to host/i],
  ["no-reply", /timed? ?out/i],
];

/** Reads how an HTTP client ended: 0 is an answer, else its words say why. */
export function judgeHttp(
  { code, stdout, stderr }: Result,
): { verdict: Outcome; words: string } {
  if (code === 0) return { verdict: "ok", words: stdout.trim() };
  // timeout(1), GNU's and busybox's, for a client that has no patience itself.
  if (code === 124 || code === 143) return { verdict: "no-reply", words: "" };
  const words = ownWords(stderr);
  const ending = ENDINGS.find(([, pattern]) => pattern.test(words));
  return { verdict: ending?.[0] ?? "could-not-check", words };
}

/** 0 all as promised, 1 something differs, 3 something could not be checked. */
export function answersExit(answers: readonly Answer[]): number {
  if (answers.some(({ asExpected }) => asExpected === false)) return 1;
  return answers.every(({ asExpected }) => asExpected) ? 0 : 3;
}

/** The answers as text: a table if everybody asked everybody, else lines. */
export function answerLines(answers: readonly Answer[]): string[] {
  const from = [...new Set(answers.map((each) => each.from))];
  const to = [...new Set(answers.map((each) => each.to))];
  const isGrid = from.length > 1 && to.length > 1 &&
    from.length * to.length === answers.length;
  return isGrid ? grid(answers, from, to) : answers.map(line);
}

function mark({ asExpected }: Answer): string {
  if (asExpected === undefined) return yellow("?");
  return asExpected ? green("✓") : red("✗");
}

function line(answer: Answer): string {
  const { from, to, verdict, expected, words } = answer;
  const shown = verdict === "ok" ? green(verdict) : bold(verdict);
  const differs = answer.asExpected === false
    ? red(t` (promised: ${expected})`)
    : "";
  return `${mark(answer)} ${t`${from} to ${to}`.padEnd(32)} ${shown}${differs}${
    words ? dim(`  ${words}`) : ""
  }`;
}

/** One row for each that asks, one column for each that is asked. */
function grid(
  answers: readonly Answer[],
  from: string[],
  to: string[],
): string[] {
  const first = Math.max(...from.map((name) => name.length)) + 2;
  const width = 15;
  const head = " ".repeat(first) +
    to.map((name) => name.padEnd(width)).join("");
  const rows = from.map((name) => {
    const cells = to.map((other) => {
      const answer = answers.find((each) =>
        each.from === name && each.to === other
      )!;
      return `${mark(answer)} ${answer.verdict.padEnd(width - 2)}`;
    });
    return (name.padEnd(first) + cells.join("")).trimEnd();
  });
  const differing = answers.filter(({ asExpected }) => !asExpected).map(line);
  return [dim(head.trimEnd()), ...rows, ...differing];
}
