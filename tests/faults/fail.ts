/** Every call of a tool, going wrong in five ways. */

import {
  goesOn,
  isComplete,
  type Kind,
  leavesNothing,
  sameAsBefore,
} from "./aftermath.ts";
import {
  type Ended,
  expectEnd,
  killGroup,
  type Running,
  start,
  type,
} from "./command.ts";
import type { Row } from "./row.ts";
import { calls, type Fault, isHanging, plan, wrappedPath } from "./tools.ts";

const FAULTS: [Fault, string][] = [
  ["fails", "exit code 1, with words"],
  ["hangs", "hanging until Ctrl-C"],
  ["garbage", "garbage and exit code 0"],
  ["nothing", "nothing and exit code 0"],
  ["dies", "its work, then its death"],
];

/** The rows. */
export const rows: Row[] = (["sandbox", "here"] as const).flatMap((kind) =>
  ["stage:nat", "down"].flatMap((task) => {
    const name = task.split(":")[0];
    return FAULTS.map(([fault, words], turn): Row => ({
      name: `${name}-${kind}-${fault}`,
      title: `${kind}: ${task}, calls of tools: ${words}`,
      // Here there are some hundred calls: each goes wrong in one way, and in
      // the others with other seeds.
      share: kind === "here" ? { of: FAULTS.length, turn } : undefined,
      like: `${name}-${kind}-fails`,
      cells: () => numbers(kind, task),
      run: (cell) => goesWrong(kind, task, fault, cell),
    }));
  })
);

/** Down needs a lab. */
async function prepare(kind: Kind, task: string): Promise<void> {
  plan(0, "none");
  if (task === "down") {
    expectEnd(await type(`stage:nat --quiet --on ${kind}`), 0);
  }
}

async function numbers(kind: Kind, task: string): Promise<string[]> {
  await prepare(kind, task);
  expectEnd(
    await start(`${task} --on ${kind}`, { PATH: wrappedPath() }).ended,
    0,
  );
  const all = calls();
  await leavesNothing(kind);
  return all.map((_, i) => `call=${i + 1}`);
}

async function goesWrong(
  kind: Kind,
  task: string,
  fault: Fault,
  cell: string,
): Promise<void> {
  const number = Number(cell.split("=")[1]);
  await prepare(kind, task);
  plan(number, fault);
  const running = start(`${task} --on ${kind}`, { PATH: wrappedPath() });
  const stop = fault === "hangs" ? interrupt(running) : undefined;
  const ended = await running.ended;
  stop?.();
  told(ended, number);
  if (ended.code === 0) {
    if (task === "down") await sameAsBefore();
    else await isComplete(kind);
  }
  await goesOn(kind, number);
}

/** Presses Ctrl-C once a tool hangs: that reaches all that are in front. */
function interrupt({ pid }: Running): () => void {
  const timer = setInterval(() => {
    if (isHanging()) killGroup(pid, "SIGINT");
  }, 300);
  return () => clearInterval(timer);
}

/** It said that it could not, or could, but it never crashed. */
function told(ended: Ended, number: number): void {
  const call = calls()[number - 1];
  try {
    expectEnd(ended, 0, 1, 3, 130, 137);
  } catch (error) {
    throw new Error(`\`${call}\` went wrong: ${(error as Error).message}`);
  }
}
