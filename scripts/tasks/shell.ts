/** `deno task shell`: a shell in the machine, or in one of its namespaces. */

import type { Task } from "../../lib/task.ts";
import { enter } from "../../vm/enter.ts";
import { runIn } from "../../vm/run_in.ts";

/** The task. */
export const task: Task = {
  name: "shell",
  about: "Opens a shell in the machine, or in a namespace of it.",
  usage: "[ns1|ns2|outside] [OPTIONS]",
  words: 1,
  where: "host",
  options: {},
  async main({ flags, words: [netns] }) {
    const shell = Deno.env.get("SHELL") ?? "sh";
    const where = netns ? ["ip", "netns", "exec", netns] : [];
    return await runIn(flags, [...where, shell]);
  },
};

enter(import.meta, task);
