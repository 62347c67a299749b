/** `deno task shell`: a shell in the machine, or in one of its namespaces. */

import { Problem } from "../../lib/problem.ts";
import type { Task } from "../../lib/task.ts";
import { typed } from "../../lib/typed.ts";
import { enter } from "../../vm/enter.ts";
import { runIn } from "../../vm/run_in.ts";

/** The task. */
export const task: Task = {
  name: "shell",
  about: "Opens a shell in the machine, or in a namespace of it.",
  usage: "[ns1|ns2|outside] [OPTIONS]",
  words: 1,
  passesCode: true,
  where: "host",
  // On this very machine nothing stands between us and the program.
  needs: ["--allow-run=sh"],
  options: {},
  async main({ flags, words: [netns] }) {
    const shell = Deno.env.get("SHELL") ?? "sh";
    if (!netns) return await runIn(flags, [shell]);
    if (await runIn(flags, ["test", "-e", `/run/netns/${netns}`]) !== 0) {
      throw new Problem(
        `There is no namespace ${JSON.stringify(netns)} in this machine.`,
        `See which there are: ${
          typed("exec -- ip netns list")
        }. Stage netns makes ns1 and ns2: ${typed("stage:netns")}`,
      );
    }
    return await runIn(flags, ["ip", "netns", "exec", netns, shell]);
  },
};

enter(import.meta, task);
