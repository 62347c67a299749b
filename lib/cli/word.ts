/** A word that somebody typed, as an error names it. */

import { printable } from "./printable.ts";

/** In quotes, with nothing in it that a terminal obeys, and not too long. */
export function quoteWord(word: string): string {
  const letters = [...word];
  const short = letters.length > LONGEST
    ? `${letters.slice(0, LONGEST).join("")}…`
    : word;
  return printable(JSON.stringify(short));
}

const LONGEST = 40;

/** An error's text, in which somebody's words may stand as they came. */
export function printableError(text: string): string {
  const short = text.replace(
    /\S{1000,}/g,
    (word) => `${[...word].slice(0, LONGEST).join("")}…`,
  );
  return printable(short, "\n");
}
