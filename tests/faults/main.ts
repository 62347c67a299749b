/**
 * The fault matrix, from outside: makes worlds, shares the cells among them,
 * and prints what came of it as a table. See docs/reliability.md.
 *
 *     main.ts [--only ROW[/CELL]] [--seed N] [--all] [--write]
 */

import { parseArgs } from "@std/cli/parse-args";
import { fixPath } from "../../vm/path.ts";
import { type Outcome, type Row, sample } from "./row.ts";
import { rows } from "./rows.ts";
import { lineOf, type Tried, write } from "./table.ts";
import { makeWorld, type World } from "./world.ts";

/** Much of a cell is waiting, for the kernel and for pings. */
const WORLDS = navigator.hardwareConcurrency + 1;

/** Cells that are tried before somebody else may take the next ones. */
const CHUNK = 6;

const options = parseArgs(Deno.args, {
  string: ["only", "seed"],
  boolean: ["all", "write"],
});

/** Says what was typed wrong, and ends. */
function refuse(message: string, next: string): never {
  console.error(`${message}\n${next}`);
  Deno.exit(2);
}

const seed = Number(options.seed ?? 1);
if (!/^\d{1,9}$/.test(options.seed ?? "1")) {
  refuse(`Cannot use "${options.seed}" as a seed.`, "A number: --seed 7.");
}
const [onlyRow, onlyCell] = (options.only ?? "").split("/");
const chosen = rows.filter(({ name }) =>
  onlyCell ? name === onlyRow : name.includes(onlyRow)
);
if (chosen.length === 0) {
  refuse(
    `No row is called "${onlyRow}".`,
    `Rows: ${rows.map(({ name }) => name).join(", ")}.`,
  );
}

/** A row that is being tried. */
interface Work extends Tried {
  todo: string[];
}

const works = new Map<Row, Work>();
const waiting = [...chosen];

/** Takes what is to be done next, until nothing is left. */
async function workThrough(): Promise<void> {
  let world = await makeWorld(seed);
  while (true) {
    const work = [...works.values()].find(({ todo }) => todo.length > 0) ??
      await begin(world);
    if (!work) break;
    const cells = work.todo.splice(0, CHUNK);
    if (cells.length === 0) continue; // Others were faster.
    const outcomes = await tryIn(world, work.row, cells);
    work.outcomes.push(...outcomes);
    work.todo.unshift(...cells.slice(outcomes.length));
    const failed = outcomes.find(({ words }) => words);
    if (failed) {
      tellFailure(failed);
      await world[Symbol.asyncDispose]();
      world = await makeWorld(seed);
    }
    if (work.outcomes.length === work.all) console.log(lineOf(work));
  }
  await world[Symbol.asyncDispose]();
}

/** Finds out the cells of the next row. */
async function begin(world: World): Promise<Work | undefined> {
  const row = waiting.shift();
  if (!row) return;
  const work: Work = { row, all: 1, outcomes: [], todo: [] };
  works.set(row, work);
  try {
    const all = await cellsOf(row, world);
    if (onlyCell && !all.includes(onlyCell)) {
      refuse(
        `Row "${row.name}" has no cell "${onlyCell}".`,
        `Cells: ${all.join(", ")}.`,
      );
    }
    const cells = onlyCell ? [onlyCell] : all;
    work.todo = options.all || onlyCell ? cells : sample(row, cells, seed);
    work.all = work.todo.length;
    return work;
  } catch (error) {
    const cell = "before the first";
    const words = error instanceof Error ? error.message : `${error}`;
    work.outcomes.push({ row: row.name, cell, words, seconds: 0 });
    tellFailure(work.outcomes[0]);
    return await begin(world);
  }
}

const found = new Map<string, Promise<string[]>>();

/** Found out once for all rows that are alike. */
function cellsOf({ name, like = name }: Row, world: World) {
  const known = found.get(like) ?? world.list(name);
  found.set(like, known);
  return known;
}

async function tryIn(
  world: World,
  row: Row,
  cells: string[],
): Promise<Outcome[]> {
  try {
    return await world.run(row.name, cells);
  } catch (error) {
    const words = error instanceof Error ? error.message : `${error}`;
    return [{ row: row.name, cell: cells[0], words, seconds: 0 }];
  }
}

function tellFailure({ row, cell, words }: Outcome): void {
  console.log(`✗ ${row}/${cell}\n  ${words!.replaceAll("\n", "\n  ")}`);
  console.log(
    `  Again: ./lab test:faults --only ${row}/${cell} --seed ${seed}`,
  );
}

fixPath();
const begun = performance.now();
await Promise.all(Array.from({ length: WORLDS }, workThrough));
const seconds = (performance.now() - begun) / 1000;
const outcomes = [...works.values()].flatMap(({ outcomes }) => outcomes);
const failed = outcomes.filter(({ words }) => words).length;
console.log(
  `${outcomes.length - failed} of ${outcomes.length} as they should be, ${
    seconds.toFixed(0)
  } s`,
);
if (options.write && !options.only) {
  await write(chosen.map((row) => works.get(row)!), seconds, seed);
}
Deno.exit(failed > 0 ? 1 : 0);
