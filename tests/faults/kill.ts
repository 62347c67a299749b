/** kill -9 of stage:nat, at sixty moments. */

import { goesOn, type Kind, leavesNothing } from "./aftermath.ts";
import { expectEnd, killGroup, type Running, start, until } from "./command.ts";
import { dice, type Row, spread } from "./row.ts";
import { allProcesses } from "./state.ts";
import { calls, isHanging, plan, wrappedPath } from "./tools.ts";

const POINTS = 60;

const STAGE = "stage:nat";

/** The rows. */
export const rows: Row[] = (["sandbox", "here"] as const).flatMap((kind) => [
  {
    name: `kill-${kind}-group`,
    title: `${kind}: kill -9 of stage:nat, all its processes`,
    cells: (seed) => moments(kind, seed, (running) => running.pid),
    run: (cell) => killedAt(kind, cell, (running) => running.pid, killGroup),
  },
  {
    name: `kill-${kind}-inner`,
    title: `${kind}: kill -9 of stage:nat, the process inside`,
    cells: (seed) => moments(kind, seed, inner),
    run: (cell) =>
      killedAt(kind, cell, inner, (pid) => Deno.kill(pid, "SIGKILL")),
  },
  {
    name: `kill-${kind}-tool`,
    title: `${kind}: kill -9 of one tool at its work`,
    cells: (seed) => toolCalls(kind, seed),
    run: (cell) => toolKilled(kind, cell),
  },
]);

/** Finds whom to kill; undefined as long as he is not there. */
type Victim = (running: Running) => number | undefined;

/** The Deno in the machine, which our command has started. */
function inner(running: Running): number | undefined {
  const family = new Set([running.pid]);
  for (const { pid, parent, name } of allProcesses()) {
    if (!family.has(parent)) continue;
    family.add(pid);
    if (name === "deno" && isInside(pid)) return pid;
  }
}

function isInside(pid: number): boolean {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/environ`)
      .includes("\0LAB_MACHINE={");
  } catch {
    return false;
  }
}

/**
 * Sixty moments of an undisturbed run: at each line that it shows, and the rest
 * spread over its time. A moment's name is its line or its milliseconds.
 */
async function moments(
  kind: Kind,
  seed: number,
  victim: Victim,
): Promise<string[]> {
  let lines = 0;
  const running = start(`${STAGE} --on ${kind}`, {}, () => lines++);
  await until(() => running.isOver || victim(running) !== undefined, 10_000);
  const begun = Date.now();
  expectEnd(await running.ended, 0);
  const duration = Date.now() - begun;
  await leavesNothing(kind);
  const atLines = spread(
    Array.from({ length: lines }, (_, i) => `line=${i + 1}`),
    POINTS / 2,
  );
  const random = dice(seed);
  const rest = POINTS - atLines.length;
  const inTime = Array.from(
    { length: rest },
    (_, i) => `ms=${Math.floor((i + random()) * duration / rest)}`,
  );
  return [...inTime, ...atLines];
}

async function killedAt(
  kind: Kind,
  cell: string,
  victim: Victim,
  kill: (pid: number) => void,
): Promise<void> {
  const [what, number] = cell.split("=");
  let lines = 0;
  const running = start(`${STAGE} --on ${kind}`, {}, () => lines++);
  const isTime = () => lines >= Number(number);
  if (what === "ms") {
    let pid: number | undefined;
    await until(
      () => running.isOver || (pid = victim(running)) !== undefined,
      10_000,
    );
    const at = performance.now() + Number(number);
    await until(() => running.isOver || performance.now() >= at, 10_000);
    if (pid !== undefined && !running.isOver) strike(kill, pid);
  } else {
    await until(() => running.isOver || isTime(), 10_000);
    const pid = running.isOver ? undefined : victim(running);
    if (pid !== undefined) strike(kill, pid);
  }
  expectEnd(await running.ended, 0, 3, 137);
  await goesOn(kind, Number(number));
}

/** It may just have ended by itself. */
function strike(kill: (pid: number) => void, pid: number): void {
  try {
    kill(pid);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Calls of tools, and how long each is let at its work. */
async function toolCalls(kind: Kind, seed: number): Promise<string[]> {
  plan(0, "none");
  expectEnd(
    await start(`${STAGE} --on ${kind}`, { PATH: wrappedPath() }).ended,
    0,
  );
  const count = calls().length;
  await leavesNothing(kind);
  const random = dice(seed);
  const numbers = spread(
    Array.from({ length: count }, (_, i) => i + 1),
    POINTS,
  );
  while (numbers.length < POINTS) {
    numbers.push(numbers[numbers.length - count]);
  }
  return numbers.map((number) =>
    `call=${number}+${Math.floor(random() * 4000)}`
  );
}

async function toolKilled(kind: Kind, cell: string): Promise<void> {
  const [, number, delay] = cell.match(/^call=(\d+)\+(\d+)$/)!.map(Number);
  plan(number, "killed", delay);
  const running = start(`${STAGE} --on ${kind}`, { PATH: wrappedPath() });
  expectEnd(await running.ended, 0, 1, 3, 137);
  if (isHanging()) throw new Error("a tool hangs");
  await goesOn(kind, number);
}
