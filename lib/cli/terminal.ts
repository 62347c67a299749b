/** Plain text for people; colour only where a terminal shows it. */

import { visible, wrap } from "./wrap.ts";
import { toAscii } from "./ascii.ts";
import { printableLine } from "./printable.ts";
import { EXIT, wordsOf } from "./problem.ts";
import { t } from "./translate.ts";

const colourful = Deno.stdout.isTerminal() && !Deno.noColor &&
  Deno.env.get("TERM") !== "dumb";

/** Wraps a text so that a terminal shows it in some way. */
export type Style = (text: string) => string;

const style = (code: number): Style => (text) =>
  colourful ? `\x1b[${code}m${text}\x1b[0m` : text;

/** For headings. */
export const bold: Style = style(1);
/** For what may be passed over. */
export const dim: Style = style(2);
/** For what differs from what was promised. */
export const red: Style = style(31);
/** For what is as promised. */
export const green: Style = style(32);
/** For what could not be checked. */
export const yellow: Style = style(33);

/** Why standard output takes no more, if it does not. */
let full: unknown;

/**
 * Writes a line to standard output. Neither that nobody reads on, as after
 * `| head`, nor that the disk is full is a reason to leave work half done; of
 * the disk {@linkcode afterAll} tells.
 */
export function say(line = ""): void {
  if (full) return;
  try {
    console.log(shown(line, Deno.stdout));
  } catch (error) {
    full = error;
  }
}

/** The exit code of a task that wanted `code`: output that is lost is told. */
export function afterAll(code: number): number {
  if (!full) return code;
  tell(t`Cannot write the output: ${wordsOf(full)}.`);
  tell(
    t`What the task does is done. Make room there, or let it print elsewhere.`,
  );
  return EXIT.blocked;
}

/** Writes a line to standard error: for progress, and for what went wrong. */
export function tell(line: string): void {
  try {
    console.error(shown(line, Deno.stderr));
  } catch {
    // Nobody is left to be told.
  }
}

/** What a line goes to. */
export type Stream = typeof Deno.stdout | typeof Deno.stderr;

/** How wide the terminal is that shows our output; 80 if none does. */
export function columns(to: Stream = Deno.stdout): number {
  try {
    return to.isTerminal() && Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** A line as what it goes to can show it: a terminal may know only ASCII. */
function shown(line: string, to: Stream): string {
  const safe = printableLine(line, colourful);
  if (!to.isTerminal()) return safe;
  const plain = speaksUtf8()
    ? safe
    : toAscii(safe.replaceAll("…", "...").replaceAll("µ", "u"));
  return plain.split("\n").map((each) => wrapped(each, columns(to))).join("\n");
}

/**
 * A sentence in lines that fit the terminal. All else stays as it is: figures
 * and tables mean something by their places, and commands are to be copied.
 */
function wrapped(line: string, width: number): string {
  const indent = line.match(/^ */)![0];
  const isSentence = /[.:?!)]\W*$/.test(line) && !/\S {2}|^\s*[$#] /.test(line);
  if (!isSentence || visible(line) <= width) return line;
  return wrap(line.trim(), indent.length, { columns: width }).join("\n");
}

/**
 * Whether the terminal shows more than ASCII. Where nothing is said of it, as
 * in most containers, it does; whoever sets LANG=C says that it does not.
 */
function speaksUtf8(): boolean {
  const said = ["LC_ALL", "LC_CTYPE", "LANG"].map((name) => Deno.env.get(name))
    .find(Boolean);
  return !said || /utf-?8/i.test(said);
}
