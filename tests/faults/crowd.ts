/** Many at once, and one against the other. */

import { goesOn, type Kind, leavesNothing } from "./aftermath.ts";
import { expectEnd, start, type } from "./command.ts";
import { dice, type Row } from "./row.ts";

const MANY = 20;
const ROUNDS = 20;

/** The rows. */
export const rows: Row[] = [
  {
    name: "crowd-names",
    title: `sandbox: ${MANY} names at once, each stage:nat`,
    cells: () => Promise.resolve(["all"]),
    run: names,
  },
  ...(["sandbox", "here"] as const).flatMap((kind): Row[] => [
    {
      name: `crowd-${kind}`,
      title: `${kind}: stage:nat, ${MANY} at once`,
      cells: () => Promise.resolve(["all"]),
      run: () => together(kind),
    },
    {
      name: `against-${kind}`,
      title: `${kind}: stage:nat against down, again and again`,
      cells: (seed) => Promise.resolve(rounds(seed)),
      run: (cell) => against(kind, cell),
    },
  ]),
];

async function names(): Promise<void> {
  const all = Array.from({ length: MANY }, (_, i) => `crowd-${i}`);
  const ended = await Promise.all(
    all.map((name) => type(`stage:nat --quiet --name ${name}`)),
  );
  ended.forEach((each) => expectEnd(each, 0));
  const machines = await Promise.all(
    all.map((name) => type(`status --json --name ${name}`)),
  );
  const pids = machines.map((each) =>
    JSON.parse(expectEnd(each, 0).stdout).machine.pid
  );
  if (new Set(pids).size !== MANY) throw new Error(`not ${MANY}: ${pids}`);
  expectEnd(await type("down --all"), 0);
  await leavesNothing("sandbox");
}

async function together(kind: Kind): Promise<void> {
  const ended = await Promise.all(
    Array.from({ length: MANY }, () => type(`stage:nat --json --on ${kind}`)),
  );
  const reports = ended.map((each) => JSON.parse(expectEnd(each, 0).stdout));
  const pids = new Set(reports.map(({ machine }) => machine.pid));
  if (pids.size !== 1) throw new Error(`not one machine: ${[...pids]}`);
  const lines: string[] = reports.flatMap(({ ran }) => ran);
  const twice = lines.filter((line, i) => lines.indexOf(line) !== i);
  if (twice.length > 0) throw new Error(`run twice: ${twice.join("; ")}`);
  await goesOn(kind, 0);
}

/** By how much down comes later than the stage, or before it. */
function rounds(seed: number): string[] {
  const random = dice(seed);
  return Array.from(
    { length: ROUNDS },
    () => `ms=${Math.floor(random() * 600) - 100}`,
  );
}

async function against(kind: Kind, cell: string): Promise<void> {
  const later = Number(cell.split("=")[1]);
  const wait = (ms: number) =>
    new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
  const [stage, down] = await Promise.all([
    wait(-later).then(() => start(`stage:nat --on ${kind}`).ended),
    wait(later).then(() => start(`down --on ${kind}`).ended),
  ]);
  // Whose sandbox was ended under him says so.
  expectEnd(stage, 0, 3);
  expectEnd(down, 0);
  await goesOn(kind, later + 100);
}
