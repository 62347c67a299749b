/** The machines on which faults are tried, and the way to try one there. */

import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";
import type { Outcome } from "./row.ts";

const CHECKOUT = ROOT.slice(0, -1);
const DENO = new URL(".", `file://${Deno.execPath()}`).pathname;
const CACHE = Deno.env.get("DENO_DIR") ??
  `${Deno.env.get("HOME")}/.cache/deno`;

/** In a world we are nobody's root. */
const OF_ANOTHER_USER = "/etc/passwd";

/** A machine that is thrown away; whatever strays in it ends with it. */
export interface World extends AsyncDisposable {
  /** Finds out a row's cells. */
  list(row: string): Promise<string[]>;
  /** Tries cells one after the other, up to the first that goes wrong. */
  run(row: string, cells: string[]): Promise<Outcome[]>;
}

/** Makes one. */
export async function makeWorld(seed: number): Promise<World> {
  const machine = await throwaway();
  const made = await machine.exec([
    "sh",
    `${ROOT}tests/faults/world.sh`,
    CHECKOUT,
    OF_ANOTHER_USER,
    CHECKOUT,
    CACHE,
    DENO,
  ]);
  if (made.code !== 0) throw new Error(`Cannot make a world: ${made.stderr}`);
  return {
    async list(row) {
      const [cells] = await work(machine, ["list", `${seed}`, row]);
      return cells as string[];
    },
    async run(row, cells) {
      const all = ["run", `${seed}`, row, ...cells];
      return await work(machine, all) as Outcome[];
    },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/** Runs worker.ts and returns the values that it printed. */
async function work(
  machine: Throwaway,
  args: string[],
): Promise<unknown[]> {
  const { stdout, stderr } = await machine.exec([
    "env",
    "--unset=LAB_MACHINE",
    "--unset=LAB_DIFFERS",
    `PATH=${DENO}:${Deno.env.get("PATH")}`,
    // Whoever loses his parent is collected by this shell, as on any machine.
    ..."unshare --pid --fork --mount-proc --kill-child sh -c".split(" "),
    '"$@" & wait $!',
    "sh",
    ..."deno run --quiet --no-check --allow-all".split(" "),
    `${ROOT}tests/faults/worker.ts`,
    ...args,
  ]);
  const values = stdout.trim().split("\n").filter(Boolean);
  if (values.length === 0) {
    throw new Error(`The worker ended without a word: ${stderr.trim()}`);
  }
  return values.map((line) => JSON.parse(line));
}
