/**
 * Inside a world: finds out a row's cells, or tries some of them.
 *
 *     worker.ts list SEED ROW
 *     worker.ts run SEED ROW CELL…
 *
 * Prints one JSON value a line. Stops after a cell that went wrong: the world
 * may not be what it was.
 */

import { machineWas } from "./aftermath.ts";
import type { Outcome } from "./row.ts";
import { rows } from "./rows.ts";
import { readState } from "./state.ts";
import { makeWrappers } from "./tools.ts";

const [what, seed, name, ...cells] = Deno.args;
const row = rows.find((row) => row.name === name)!;

makeWrappers();
machineWas(await before());
if (what === "list") {
  console.log(JSON.stringify(await row.cells(Number(seed))));
} else {
  for (const cell of cells) {
    const begun = performance.now();
    const outcome: Outcome = { row: name, cell, seconds: 0 };
    try {
      await row.run(cell, Number(seed));
    } catch (error) {
      outcome.words = error instanceof Error ? error.message : `${error}`;
    }
    outcome.seconds = (performance.now() - begun) / 1000;
    console.log(JSON.stringify(outcome));
    if (outcome.words) break;
  }
}
Deno.exit(0);

/** The world as it was before the first worker came. */
async function before() {
  const file = "/tmp/faults/before.json";
  try {
    return JSON.parse(Deno.readTextFileSync(file));
  } catch {
    const state = await readState();
    Deno.writeTextFileSync(file, JSON.stringify(state));
    return state;
  }
}
