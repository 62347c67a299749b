/** Small pieces of a trace's text. */

import { dim } from "../cli/terminal.ts";
import { t } from "../cli/translate.ts";

/** Dims a line, but not the columns that it is indented by. */
export function dimText(line: string): string {
  return line.replace(/\S.*/, dim);
}

/** Microseconds, as people say them. */
export function duration(us: number): string {
  return us < 1000 ? `${Math.round(us)} µs` : t`${(us / 1000).toFixed(1)} ms`;
}
