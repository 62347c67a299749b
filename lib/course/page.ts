/**
 * The source of a stage or a chapter read as a page: its header, and every
 * command with the comment above it. The prose lives in the comments, once; the
 * terminal and the export take it from here.
 */

/** A line of the stage with what its comment says. */
export interface Item {
  /** The lines of the comment, without their marks. */
  comment: string[];
  /** The command line. */
  line: string;
}

/** What a stage file says, in reading order. */
export interface Page {
  /** The header, without comment marks. First line: "Stage 1 of 9: …". */
  header: string[];
  /** The commands of the stage. */
  commands: Item[];
  /** The commands to look with. */
  look: Item[];
  /** The questions of a chapter. */
  probes: Item[];
  /** What works and what does not, from above `reach` or `probes`. */
  reach: string[];
  /** What is worth knowing of the way back, from above `undo`. */
  undo: Item[];
}

/** Reads a stage's source text. It relies on the form that `deno fmt` gives. */
export function readPage(source: string): Page {
  const page: Page = {
    header: header(source),
    commands: [],
    look: [],
    probes: [],
    reach: [],
    undo: [],
  };
  let section = "";
  let comment: string[] = [];
  for (const line of body(source)) {
    const remark = line.match(/^\s*\/\/ ?(.*)$/);
    if (remark) {
      comment.push(remark[1]);
      continue;
    }
    const opens = line.match(/^ {2}(\w+):/);
    if (opens) {
      section = opens[1];
      if (section === "reach" || section === "probes") page.reach = comment;
      if (section !== "undo") comment = [];
    }
    const items = section === "look" && page.look ||
      section === "probes" && page.probes ||
      section === "commands" && page.commands ||
      section === "undo" && page.undo;
    const text = line.match(
      section === "look" || section === "probes"
        ? /command: "(.*?)"/
        : /^(?: {4}| {2}undo: \[)"(.*?)"/,
    );
    if (items && text) {
      items.push({ comment, line: text[1] });
      comment = [];
    }
  }
  return page;
}

/** The first doc comment, without its marks and its `@module`. */
function header(source: string): string[] {
  const doc = source.match(/^\/\*\*\n([\s\S]*?)\n \*\//)?.[1] ?? "";
  const lines = doc.split("\n").map((line) => line.replace(/^ \* ?/, ""));
  const end = lines.indexOf("@module");
  return lines.slice(0, end < 0 ? undefined : end).join("\n").trim().split(
    "\n",
  );
}

/** The lines of the stage object. */
function body(source: string): string[] {
  // Where a long command stands on a line of its own, it is joined again.
  const lines = source.replace(/command:\n\s+"/g, 'command: "').split("\n");
  const from = lines.findIndex((line) =>
    /^export const \w+: (Stage|Chapter) = /.test(line)
  );
  const to = lines.indexOf("};", from);
  return lines.slice(from + 1, to);
}
