/** What others named, made fit to be printed. */

/**
 * Control characters, and those that show nothing or turn the text about
 * (U+202E): all that a terminal would obey instead of showing it.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const SHORT: Record<string, string> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

/**
 * A name or a line as it may be shown: an ESC in it becomes `\u001b`. These are
 * JSON's own escapes, so printed JSON stays JSON, and the name in it true.
 *
 * @param keep characters that are left as they are, such as our own `\n`.
 */
export function printable(text: string, keep = ""): string {
  return text.replace(
    UNSEEN,
    (char) => keep.includes(char) ? char : SHORT[char] ?? escaped(char),
  );
}

/**
 * A line of output, which may hold our own line breaks, tabs and colours: the
 * last net, for what was not made printable where it was put into the line.
 */
export function printableLine(line: string, colourful: boolean): string {
  // deno-lint-ignore no-control-regex
  return line.split(colourful ? /(\x1b\[(?:0|1|2|31|32|33)m)/ : /(?!)/)
    .map((part, i) => i % 2 ? part : printable(part, "\n\t")).join("");
}

/** Whether a text holds something that must not be shown as it is. */
export function isPrintable(text: string): boolean {
  return text.search(UNSEEN) < 0;
}

function escaped(char: string): string {
  return Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}
