/** How wide a text stands in a terminal, and in a monospaced font. */

/**
 * The width in columns: 2 for the wide letters of East Asia, 1 for any other.
 * See {@link https://www.unicode.org/reports/tr11/ Unicode, annex 11}.
 */
export function columns(text: string): number {
  return [...text].reduce((sum, letter) => sum + (isWide(letter) ? 2 : 1), 0);
}

/** The ranges of wide letters: first and last of each. */
const WIDE = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Whether a letter takes two columns. */
export function isWide(letter: string): boolean {
  const code = letter.codePointAt(0)!;
  return code >= WIDE[0][0] &&
    WIDE.some(([first, last]) => first <= code && code <= last);
}
