/**
 * Command lines for people to type: whatever others named is quoted in them, so
 * that a namespace called `a;b$(id)` is a name and no program.
 */

import { isPrintable } from "./printable.ts";

/** What may be put into a command line: a word, several, or nothing. */
export type Words = string | number | readonly string[] | undefined | false;

/**
 * A command line with all that is put into it quoted, each as one word:
 * `` shell`ip link set dev ${name} up` ``. A list is several words, and what is
 * empty leaves no gap.
 */
export function shell(parts: TemplateStringsArray, ...values: Words[]): string {
  return values.reduce<string>((text, value, i) => {
    const said = Array.isArray(value)
      ? quotedLine(value)
      : value === undefined || value === false || value === ""
      ? ""
      : quoted(`${value}`);
    return (said ? text + said : text.trimEnd()) + parts[i + 1];
  }, parts[0]).trim();
}

/** Words as a command line, each quoted where it needs to be. */
export function quotedLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** A word as a shell takes it, and as a terminal can show it. */
export function quoted(word: string): string {
  if (/^([\w@%+=:,./-]+|!)$/.test(word)) return word;
  if (isPrintable(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  // No shell has escapes in plain quotes, printf(1) has them everywhere. It
  // cannot end in a line break: that takes a shell of today.
  const shown = [...word].map((char) =>
    !isPrintable(char) || "'\\%!".includes(char) ? octal(char) : char
  ).join("");
  return word.endsWith("\n") ? `$'${shown}'` : `"$(printf '${shown}')"`;
}

/** The bytes of a character, as printf(1) and `$''` read them. */
function octal(char: string): string {
  return [...new TextEncoder().encode(char)]
    .map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** The words of a command line, as it was quoted by {@linkcode quoted}. */
export function shellWords(line: string): string[] {
  const found: string[] = [];
  let word: string | undefined;
  for (
    const [piece, blank, bytes, double, single, escape] of line.matchAll(PIECE)
  ) {
    if (blank) {
      if (word !== undefined) found.push(word);
      word = undefined;
      continue;
    }
    word = (word ?? "") +
      (bytes !== undefined
        ? fromOctal(bytes)
        : double?.replace(/\\(.)/gs, "$1") ?? single ?? escape ?? piece);
  }
  return word === undefined ? found : [...found, word];
}

const PIECE =
  /(\s+)|(?:"\$\(printf |\$(?='))'([^']*)'(?:\)")?|"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|[^\s"'\\$]+|[^\s]/gs;

function fromOctal(text: string): string {
  const bytes = [...text.matchAll(/\\([0-7]{3})|([^\\]+)/g)].flatMap(
    ([_, digits, plain]) =>
      digits ? [parseInt(digits, 8)] : [...new TextEncoder().encode(plain)],
  );
  return new TextDecoder().decode(new Uint8Array(bytes));
}
