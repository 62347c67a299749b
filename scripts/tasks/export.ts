/** `deno task export [STAGE]`: the lab as one bash script. */

import { toBash } from "../../lib/course/export.ts";
import { stageNamed } from "../../lib/course/stage_named.ts";
import { SUBNET, type Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { run } from "./run.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "export",
  about:
    t`Prints one bash script that builds the lab up to a stage (default: nat).`,
  usage: "[STAGE] > lab.sh",
  words: 1,
  where: "host",
  options: { subnet: SUBNET },
  // deno-lint-ignore require-await
  async main({ words: [name = "nat"], stages }) {
    const upTo = stages.indexOf(stageNamed(stages, name)) + 1;
    const source = (stage: string) =>
      Deno.readTextFileSync(new URL(`../${stage}.ts`, import.meta.url));
    say(toBash(stages.slice(0, upTo), source));
    return 0;
  },
};

run(import.meta, task);
