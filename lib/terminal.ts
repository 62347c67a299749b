/** Plain text for people; colour only where a terminal shows it. */

import { printableLine } from "./printable.ts";

const colourful = Deno.stdout.isTerminal() && !Deno.noColor;

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

/** Writes a line to standard output. */
export function say(line = ""): void {
  console.log(printableLine(line, colourful));
}

/** Writes a line to standard error: for progress, and for what went wrong. */
export function tell(line: string): void {
  console.error(printableLine(line, colourful));
}
