/** What has to be true after every fault, whatever it was. */

import { type Ended, expectEnd, type } from "./command.ts";
import { plan } from "./tools.ts";
import { sameAgain, type State } from "./state.ts";

/** On which kind of machine the lab is. */
export type Kind = "sandbox" | "here";

/** The machine as it was before the first fault. */
let before: State;

/** Told once, by the worker. */
export function machineWas(state: State): void {
  before = state;
}

/** The next command after a fault, one of these in turn. */
const NEXT = ["stage:nat --quiet", "status", "down"];

/**
 * The next command works, whichever it is, and `down` leaves the machine as it
 * was before.
 */
export async function goesOn(kind: Kind, turn: number): Promise<void> {
  plan(0, "none");
  const next = NEXT[turn % NEXT.length];
  if (next !== "down") {
    // A lab that was left half-way is no error: it is what status is for.
    works(await type(`${next} --on ${kind}`), next === "status" ? [0, 1] : [0]);
  }
  await leavesNothing(kind);
}

/** Whoever ended with 0 has done it: the lab is there, all of it. */
export async function isComplete(kind: Kind): Promise<void> {
  plan(0, "none");
  const status = works(await type(`status --json --on ${kind}`), [0, 1, 3]);
  const { stages, reach } = JSON.parse(status.stdout);
  const missing = stages.filter(({ inPlace }: { inPlace: boolean }) => !inPlace)
    .map(({ name }: { name: string }) => name);
  if (missing.length > 0 || status.code !== 0) {
    throw new Error(
      `ended with 0, but ${missing.join(", ")} is missing: ${
        JSON.stringify(reach)
      }`,
    );
  }
}

/** `down` works, and all is as it was. */
export async function leavesNothing(kind: Kind): Promise<void> {
  const down = works(await type(`down --on ${kind}`), [0]);
  if (/Left as it is/.test(down.stdout)) {
    throw new Error(
      `down took the lab's own for somebody else's:\n${down.stdout}`,
    );
  }
  await sameAsBefore();
}

/** All is as it was before the first fault. */
export function sameAsBefore(): Promise<void> {
  return sameAgain(before);
}

function works(ended: Ended, codes: number[]): Ended {
  return expectEnd(ended, ...codes);
}
