/**
 * The fault matrix, from outside: makes worlds, shares the cells among them,
 * and prints what came of it as a table. See docs/reliability.md.
 */

import { parseArgs } from "@std/cli/parse-args";
import { fixPath } from "../../vm/path.ts";
import { stdEnv } from "../../vm/std.ts";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";
import type { Outcome, Row } from "./row.ts";
import { rows } from "./rows.ts";

const options = parseArgs(Deno.args, {
  string: ["only", "seed"],
  boolean: ["write"],
});
const seed = Number(options.seed ?? 1);
const [onlyRow, onlyCell] = (options.only ?? "").split("/");
const chosen = rows.filter(({ name }) =>
  onlyCell ? name === onlyRow : name.includes(onlyRow)
);

/** Most of a cell is waiting for a Deno to start: no more than there are cores. */
const WORLDS = navigator.hardwareConcurrency;

/** Cells that one worker tries before it says so. */
const CHUNK = 6;

const checkout = ROOT.slice(0, -1);
/** A file that is not ours: root has to make one. */
let other = "/etc/passwd";
if (Deno.uid() === 0) {
  other = `${ROOT}.lab/of-another-user`;
  Deno.writeTextFileSync(other, "1\n");
  Deno.chownSync(other, 65533, 65533);
}

fixPath();
const env = await stdEnv();

/** A machine that is thrown away, and made ready for faults. */
async function makeWorld(): Promise<Throwaway> {
  const world = await throwaway();
  const cache = Deno.env.get("DENO_DIR") ??
    `${Deno.env.get("HOME")}/.cache/deno`;
  const deno = new URL(".", `file://${Deno.execPath()}`).pathname;
  const { code, stderr } = await world.exec(
    [
      "sh",
      `${ROOT}tests/faults/world.sh`,
      checkout,
      other,
      checkout,
      cache,
      deno,
    ],
  );
  if (code !== 0) throw new Error(`Cannot make a world: ${stderr}`);
  return world;
}

/** Runs worker.ts in a world and returns the values that it printed. */
async function work(
  world: Throwaway,
  ...args: string[]
): Promise<unknown[]> {
  const deno = new URL(".", `file://${Deno.execPath()}`).pathname;
  const { stdout, stderr } = await world.exec([
    "env",
    "--unset=LAB_MACHINE",
    "--unset=LAB_DIFFERS",
    `PATH=${deno}:${Deno.env.get("PATH")}`,
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    // Whoever loses his parent is collected by this shell, as on any machine.
    ..."unshare --pid --fork --mount-proc --kill-child sh -c".split(" "),
    '"$@" & wait $!',
    "sh",
    ..."deno run --quiet --no-check --allow-all".split(" "),
    `${ROOT}tests/faults/worker.ts`,
    ...args,
  ]);
  if (stderr) console.error(stderr);
  return stdout.trim().split("\n").filter(Boolean).map((line) =>
    JSON.parse(line)
  );
}

interface Line {
  row: Row;
  todo: string[];
  open: number;
  all: number;
  outcomes: Outcome[];
}

const lines: Line[] = [];
let failed = 0;

/** One after the other takes what is to be done next. */
async function workThrough(): Promise<void> {
  let world = await makeWorld();
  while (true) {
    let line = lines.find(({ todo }) => todo.length > 0);
    if (!line) {
      const row = chosen.shift();
      if (!row) break;
      let cells: string[] = onlyCell ? [onlyCell] : [];
      if (!onlyCell) {
        const [found] = await work(world, "list", `${seed}`, row.name);
        if (!found) {
          console.log(`${row.name}: its cells could not be found out.`);
          failed++;
          await world[Symbol.asyncDispose]();
          world = await makeWorld();
          continue;
        }
        cells = found as string[];
      }
      line = {
        row,
        todo: cells,
        open: cells.length,
        all: cells.length,
        outcomes: [],
      };
      lines.push(line);
    }
    const cells = line.todo.splice(0, CHUNK);
    const outcomes = await work(
      world,
      "run",
      `${seed}`,
      line.row.name,
      ...cells,
    ) as Outcome[];
    const done = outcomes.map(({ cell }) => cell);
    if (outcomes.length === 0) {
      outcomes.push({
        row: line.row.name,
        cell: cells[0],
        words: "the worker died",
        seconds: 0,
      });
      done.push(cells[0]);
    }
    line.todo.unshift(...cells.slice(done.length));
    line.outcomes.push(...outcomes);
    line.open -= outcomes.length;
    for (const { row, cell, words } of outcomes) {
      if (!words) continue;
      failed++;
      console.log(`\n✗ ${row}, ${cell}\n  ${words.replaceAll("\n", "\n  ")}`);
      console.log(
        `  Again: ./lab test:faults --only ${row}/${cell} --seed ${seed}`,
      );
      await world[Symbol.asyncDispose]();
      world = await makeWorld();
    }
    if (line.open === 0) console.log(asText(line));
  }
  await world[Symbol.asyncDispose]();
}

function asText({ row, outcomes, all }: Line): string {
  const good = outcomes.filter(({ words }) => !words).length;
  const seconds = outcomes.reduce((sum, { seconds }) => sum + seconds, 0);
  return `${row.title}: ${good} of ${all}, ${seconds.toFixed(1)} s`;
}

const begun = performance.now();
await Promise.all(Array.from({ length: WORLDS }, workThrough));
console.log(
  `${failed} failed, ${
    ((performance.now() - begun) / 1000).toFixed(0)
  } s in all`,
);
Deno.exit(failed ? 1 : 0);
