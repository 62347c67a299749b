/**
 * Runs inside a fresh sandbox, in one process: builds the lab, breaks it, asks
 * the doctor, runs the fix as it was printed, and asks again, until nothing is
 * wrong. Prints what the doctor said each time, as JSON.
 *
 *     doctor_case.ts '{"break": ["ip link set dev br0 down"], "wish": {}}'
 *
 * @module
 */

import { runLines } from "../lib/batch.ts";
import { run } from "../lib/command.ts";
import { diagnose } from "../lib/doctor/mod.ts";
import { words } from "../lib/doctor/iptables.ts";
import type { Diagnosis } from "../lib/doctor/types.ts";
import { stages } from "../scripts/mod.ts";

const task = JSON.parse(Deno.args[0]);
const built = stages.slice(0, task.stages ?? stages.length);
const lines = task.build ?? built.flatMap(({ commands }) => [...commands]);
const failure = await runLines(lines);
if (failure) throw new Error(`${lines[failure.index]}: ${failure.words}`);
for (const line of task.break) await must(line);
const seen: Diagnosis[] = [];
const tried = new Set<string>();
while (true) {
  // Where it is in a hurry, real packets are sent only once nothing is found.
  const quick = { stages, ...task.wish, probe: false };
  let diagnosis = await diagnose(
    task.quick ? quick : { ...quick, probe: true },
  );
  if (task.quick && !diagnosis.cause) {
    diagnosis = await diagnose({ ...quick, probe: true });
  }
  seen.push(diagnosis);
  const fix = diagnosis.cause?.fix ?? [];
  if (fix.length === 0 || tried.has(fix.join()) || task.heal === false) break;
  tried.add(fix.join());
  for (const line of fix) await must(line);
}
console.log(JSON.stringify(seen));

async function must(line: string): Promise<void> {
  const { code, stderr } = await run(words(line));
  if (code !== 0) throw new Error(`${line}: ${stderr}`);
}
