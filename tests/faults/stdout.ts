/** Output that cannot be written. */

import { goesOn, leavesNothing } from "./aftermath.ts";
import { type Ended, expectEnd, LAB, show, startProgram } from "./command.ts";
import type { Row } from "./row.ts";

/** What is typed after ./lab; in this order, on one lab. */
const TASKS = [
  "(nothing)",
  "help",
  "stage:addr",
  "stage:nat",
  "stage:nat --json",
  "status",
  "draw",
  "draw --mermaid",
  "snapshot",
  "trace ns1 8.8.8.8",
  "doctor",
  "reasons",
  "read nat",
  "export nat",
  "exec -- ip link",
  "down",
];

const WAYS: Record<string, string> = {
  "closed": ">&-",
  "full": ">/dev/full",
  "a pipe that nobody reads": "| true",
  "all closed": ">&- 2>&- <&-",
};

/** The rows. */
export const rows: Row[] = Object.entries(WAYS).map(([way, words]) => ({
  name: `stdout-${way.replaceAll(" ", "-")}`,
  title: `sandbox: each main task, its output ${way}`,
  cells: () => Promise.resolve(TASKS.map((task) => task.replaceAll(" ", "+"))),
  run: (cell) => unwritten(cell.replaceAll("+", " "), words),
}));

async function unwritten(task: string, way: string): Promise<void> {
  if (task !== "stage:addr") await lab("stage:nat --quiet", "");
  const ended = await lab(task, way);
  // What a program does that is started by exec is the program's.
  if (way === ">/dev/full" && !task.startsWith("exec")) {
    expectEnd(ended, 3);
    if (!/No space left on device/.test(ended.stderr)) {
      throw new Error(`did not say why: ${show(ended)}`);
    }
  } else {
    expectEnd(ended, 0);
    if (way === "| true" && ended.stderr) {
      throw new Error(`was not quiet: ${show(ended)}`);
    }
  }
  if (task === "stage:addr") await goesOn("sandbox", 0);
  else await leavesNothing("sandbox");
}

function lab(task: string, way: string): Promise<Ended> {
  const words = task === "(nothing)" ? "" : task;
  return startProgram(
    ["sh", "-c", `"$0" ${words} ${way}`, LAB],
    `./lab ${words} ${way}`,
  ).ended;
}
