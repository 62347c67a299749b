/** Breaks a sentence into lines. */

const COLUMNS = 80;

/**
 * Lines of at most 80 columns, each indented; all but the first by `hanging`
 * columns more.
 */
export function wrap(text: string, indent: number, hanging = 0): string[] {
  const lines: string[] = [];
  let line = "";
  let width = COLUMNS - indent;
  for (const word of text.split(" ")) {
    if (line && visible(`${line} ${word}`) > width) {
      lines.push(line);
      line = word;
      width = COLUMNS - indent - hanging;
    } else line = line ? `${line} ${word}` : word;
  }
  lines.push(line);
  return lines.map((each, i) =>
    " ".repeat(indent + (i > 0 ? hanging : 0)) + each
  );
}

/** How many columns a text takes, colours left aside. */
function visible(text: string): number {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[\d+m/g, "").length;
}
