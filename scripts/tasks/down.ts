/** `deno task down`: takes the machine away, and the lab with it. */

import { EXIT, Problem } from "../../lib/problem.ts";
import type { Task } from "../../lib/task.ts";
import { say } from "../../lib/terminal.ts";
import { enter } from "../../vm/enter.ts";
import { endSandbox, sandboxNames } from "../../vm/sandbox.ts";

/** The task. */
export const task: Task = {
  name: "down",
  about: "Ends the sandbox and all that is in it.",
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  options: { all: { about: "every sandbox of this checkout" } },
  async main({ flags }) {
    if ((flags.on ?? "sandbox") !== "sandbox") {
      throw new Problem(`Cannot take down machine ${flags.on} yet.`);
    }
    const name = flags.name as string ?? "default";
    for (const each of flags.all ? sandboxNames() : [name]) {
      const ended = await endSandbox(each);
      say(`Sandbox "${each}" ${ended ? "is gone" : "was not there"}.`);
    }
    return EXIT.ok;
  },
};

enter(import.meta, task);
