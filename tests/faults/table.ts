/** The table that a run of the matrix comes to, and the page that holds it. */

import { run } from "../../lib/cli/command.ts";
import { ROOT } from "../../vm/path.ts";
import type { Outcome, Row } from "./row.ts";

const PAGE = `${ROOT}docs/reliability.md`;

/** The table stands between these. */
const [BEGIN, END] = ["<!-- made by ./lab test:faults --write -->", "<!-- -->"];

/** A row, and what was tried of it. */
export interface Tried {
  /** The row. */
  row: Row;
  /** How many cells it has. */
  all: number;
  /** What they came to, as far as they were tried. */
  outcomes: Outcome[];
}

/** A line of the table. */
export function lineOf({ row, all, outcomes }: Tried): string {
  const good = outcomes.filter(({ words }) => !words).length;
  const seconds = outcomes.reduce((sum, { seconds }) => sum + seconds, 0);
  return `| ${row.title.padEnd(66)} | ${`${good} of ${all}`.padEnd(8)} | ${
    seconds.toFixed(0).padStart(4)
  } s |`;
}

/** Writes the table into docs/reliability.md, with what it was made on. */
export async function write(
  all: readonly Tried[],
  seconds: number,
  seed: number,
): Promise<void> {
  const kernel = (await run(["uname", "-sr"])).stdout.trim();
  const text = await Deno.readTextFile(PAGE);
  const [before, rest] = split(text, BEGIN);
  const [, after] = split(rest, END);
  const table = [
    BEGIN,
    "",
    `${today()}, ${kernel}, seed ${seed}, ${navigator.hardwareConcurrency} cores: ${
      seconds.toFixed(0)
    } s in all.`,
    "",
    "| what is done | as it should be | work |",
    "| --- | --- | --- |",
    ...all.map(lineOf),
    "",
    END,
  ];
  await Deno.writeTextFile(PAGE, before + table.join("\n") + after);
  await run(["deno", "fmt", "--quiet", PAGE]);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`${PAGE} lacks the line ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
