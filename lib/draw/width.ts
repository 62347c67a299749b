/** How wide a text stands in a terminal, and in a monospaced font. */

/**
 * The width in columns: 2 for the wide letters of East Asia, 1 for any other.
 * See {@link https://www.unicode.org/reports/tr11/ Unicode, annex 11}.
 */
export function columns(text: string): number {
  return [...text].reduce((sum, letter) => sum + (isWide(letter) ? 2 : 1), 0);
}

/** Whether a letter takes two columns. */
export function isWide(letter: string): boolean {
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]/
    .test(letter);
}
