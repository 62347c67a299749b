/**
 * Runs inside a fresh sandbox, in one process: builds the lab, breaks it, asks
 * the doctor and runs the fix as it was printed, once for each fault. Then real
 * pings tell whether all is well. Prints what the doctor said, as JSON.
 *
 *     tests/doctor/case.ts '{"break": ["ip link set dev br0 down"], "fixes": 1}'
 *
 * @module
 */

import { diagnose } from "../../lib/doctor/diagnose.ts";
import { probe } from "../../lib/doctor/ask.ts";
import type { Diagnosis, Question } from "../../lib/doctor/diagnosis.ts";
import { mainFinding } from "../../lib/doctor/worth_knowing.ts";
import { stages } from "../../scripts/mod.ts";
import { build, must, settled } from "./broken_lab.ts";
import { listen } from "./listen.ts";
import type { Case, Said } from "./consult.ts";

const task: Case = JSON.parse(Deno.args[0]);
const built = stages.slice(0, task.stages ?? stages.length);
await build(task.build ?? built.flatMap(({ commands }) => [...commands]));
if (!task.build && built.some(({ name }) => name === "up")) await settled();
for (const line of task.break) await must(line);
for (const each of task.listen ?? []) await listen(each);

const wish = { stages, ...task.wish };
const seen: Diagnosis[] = [];
for (let i = 0; i < (task.fixes ?? 0); i++) {
  // With several faults, reading alone has to do: pings cost a second.
  const diagnosis = await diagnose({ ...wish, probe: task.fixes === 1 });
  seen.push(diagnosis);
  for (const line of mainFinding(diagnosis)?.fix ?? []) await must(line);
}
const works = seen.length > 0 &&
  mainFinding(seen.at(-1)!)?.breaks.length === 0;
// What never kept a ping from its answer is looked for again.
if (seen.length === 0 || works) seen.push(await diagnose(wish));
const said: Said = {
  seen,
  silent: task.heals ? await silent(seen[0].questions) : undefined,
};
console.log(JSON.stringify(said));

/**
 * The questions that real pings get no answer to, asked again and again for
 * some seconds: where a port has left its bridge or has come back, the bridge
 * may have got another MAC address, and neighbours forget the old one in time.
 */
async function silent(questions: Question[]): Promise<string[]> {
  const deadline = Date.now() + 15_000;
  const answers = await Promise.all(questions.map(async (question) => {
    const { from } = question;
    const space = { enter: ["ip", "netns", "exec", from], label: from };
    const ask = async () => (await probe(space, question)).verdict === "ok";
    do {
      if (await ask()) return [];
    } while (Date.now() < deadline);
    return [`${from} to ${question.to}`];
  }));
  return answers.flat();
}
