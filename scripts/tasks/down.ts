/** `deno task down`: takes the machine away, and the lab with it. */

import { locked } from "../../lib/lab/lock.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { machineLine } from "../../lib/lab/report_lines.ts";
import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { run } from "./run.ts";
import { takeDown } from "../../vm/here/down.ts";
import { checkInside } from "../../vm/find_machine.ts";
import {
  endFromInside,
  endSandbox,
  sandboxNames,
  whereWeAre,
} from "../../vm/sandbox/find_sandbox.ts";
import { removeHalfFilled } from "../../vm/vendor.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "down",
  about: t`Ends the sandbox and all that is in it. In a VM or on this very\n
    machine it removes what the lab made there, and nothing else.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host of a sandbox",
  options: { all: { about: t`every sandbox of this checkout` } },
  async main({ flags, machine, stages }) {
    if (machine.kind !== "none") {
      say(machineLine(machine));
      return await locked(() => takeDown(stages));
    }
    const inside = whereWeAre();
    const name = flags.name as string ?? inside ?? "default";
    if (inside !== undefined) {
      checkInside(inside, name);
      say(t`Ending the sandbox "${name}", and us in it.`);
      return await endFromInside();
    }
    if (flags.all && flags.name !== undefined) {
      throw new Problem(
        t`--all and --name do not go together.`,
        t`Give one of them.`,
        EXIT.usage,
      );
    }
    removeHalfFilled();
    for (const each of flags.all ? await sandboxNames() : [name]) {
      const ended = await endSandbox(each);
      say(t`Sandbox "${each}" ${ended ? "is gone" : "was not there"}.`);
    }
    return EXIT.ok;
  },
};

run(import.meta, task);
