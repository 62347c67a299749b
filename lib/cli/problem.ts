/** What a user gets instead of a stack trace. */

import { t } from "./translate.ts";

/** The exit codes of every task. */
export const EXIT = {
  /** All as expected. */
  ok: 0,
  /** A verdict or a check differs from what the stage promises. */
  differs: 1,
  /** The task was called in a way that it does not know. */
  usage: 2,
  /** Could not run, or could not check. */
  blocked: 3,
} as const;

/**
 * Something that keeps a task from going on: one sentence (what was tried, a
 * colon, the kernel's or the tool's own words), the next step to take, and the
 * exit code.
 */
export class Problem extends Error {
  /** The class, as error objects carry it. */
  override name = "Problem";

  /** Takes the sentence, the next step and the exit code. */
  constructor(
    message: string,
    /** What to do or to type next. One sentence or command a line. */
    readonly next: string = "",
    readonly exit: number = EXIT.blocked,
  ) {
    super(message);
  }
}

/** Where a program did not do what it does every time, there is but one. */
const AGAIN = t`Type the same again.`;

/** The one or two lines that a user sees of any error. */
export function explain(error: unknown): string {
  if (error instanceof Problem) {
    return `${error.message}\n${error.next || AGAIN}`;
  }
  return t`Cannot go on: ${wordsOf(error)}.\n${AGAIN}`;
}

/**
 * The kernel's own words in an error of Deno's, and what they are about,
 * without what Deno adds to them.
 */
export function wordsOf(error: unknown): string {
  const [words] = (error instanceof Error ? error.message : String(error))
    .split("\n");
  return words
    .replace(/^Failed to spawn '.*?': /, "")
    .replace(/^Requires .* run again with .*/, "Deno may not")
    .replace(/ \(os error \d+\)/, "")
    .replace(/: [a-z]+ '.*'$/, "")
    .replace(/[.\s]+$/, "");
}

/** What helps where something cannot be written; `otherwise` in other cases. */
export function howToWrite(error: unknown, otherwise: string): string {
  switch (error instanceof Error && "code" in error && error.code) {
    case "ENOSPC":
    case "EDQUOT":
      return t`Make room there (see \`df\`), then type the same again.`;
    default:
      return otherwise;
  }
}

/** The exit code that belongs to any error. */
export function exitCode(error: unknown): number {
  return error instanceof Problem ? error.exit : EXIT.blocked;
}
