/** Breaks a sentence into lines. */

/** How the lines look. */
export interface Look {
  /** How much further all lines but the first are moved in. */
  hanging?: number;
  /** What stands in front of the first line, in place of its margin. */
  first?: string;
  /** Is put around each line's words. */
  style?: (words: string) => string;
  /** How wide a line may be; by default 80. */
  columns?: number;
}

/**
 * Lines of at most 80 columns, each moved in by `indent`; broken at spaces, so
 * that a word that is longer stands alone. Colours take no room.
 */
export function wrap(
  text: string,
  indent: number,
  { hanging = 0, first, style = (words) => words, columns = 80 }: Look = {},
): string[] {
  const lines: string[] = [];
  let line = "";
  let width = columns - indent;
  for (const word of text.split(" ")) {
    if (line && visible(`${line} ${word}`) > width) {
      lines.push(line);
      line = word;
      width = columns - indent - hanging;
    } else line = line ? `${line} ${word}` : word;
  }
  lines.push(line);
  return lines.map((each, i) => {
    const margin = " ".repeat(indent + (i > 0 ? hanging : 0));
    return (i === 0 && first ? first : margin) + style(each);
  });
}

/** How many columns a text takes, colours left aside. */
export function visible(text: string): number {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[\d+m/g, "").length;
}
