/** A table of plain text. */

import { bold } from "./terminal.ts";

/**
 * Lays out rows below a heading, each column as wide as its widest cell. An
 * empty cell shows as `-`.
 */
export function tableLines(
  heading: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string[] {
  const filled = rows.map((row) => row.map((cell) => cell || "-"));
  const widths = heading.map((title, i) =>
    Math.max(title.length, ...filled.map((row) => row[i].length))
  );
  const lay = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
  return [bold(lay(heading)), ...filled.map(lay)];
}
