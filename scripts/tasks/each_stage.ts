/**
 * Takes an empty machine through the stages, up to the one that is named, and
 * prints the kernel's state after each: one line of JSON a stage. Pictures are
 * made from it.
 *
 *     const { stdout } = await lab.script("scripts/tasks/each_stage.ts", ["nat"]);
 */

import { apply, plan } from "../../lib/lab/plan.ts";
import { takeSnapshot } from "../../lib/net/snapshot.ts";
import { stageNamed } from "../../lib/course/stage_named.ts";
import { say } from "../../lib/cli/terminal.ts";
import { stages } from "../mod.ts";

const last = stages.indexOf(stageNamed(stages, Deno.args[0]));
let snapshot = await takeSnapshot();
for (const stage of stages.slice(0, last + 1)) {
  await apply(stages, plan(stages, stage, "only", snapshot), () => {});
  snapshot = await takeSnapshot();
  say(JSON.stringify(snapshot));
}
