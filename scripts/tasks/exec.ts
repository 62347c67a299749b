/** `deno task exec CMD…`: a command in the machine. */

import { EXIT, Problem } from "../../lib/cli/problem.ts";
import type { Task } from "../../lib/task/task.ts";
import { typed } from "../../lib/cli/typed.ts";
import { run } from "./run.ts";
import { runIn } from "../../vm/run_in.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "exec",
  about:
    t`Runs a command in the machine and passes its exit code on. What your\n
    shell tells the dynamic linker (LD_PRELOAD and the like) stays outside.`,
  usage: "[OPTIONS] [--] COMMAND [ARGUMENT…]",
  words: 0,
  command: true,
  passesCode: true,
  where: "host",
  // On this very machine nothing stands between us and the program.
  needs: ["--allow-run=sh"],
  options: {},
  async main({ flags, rest }) {
    if (rest.length === 0) {
      throw new Problem(
        t`No command was given.`,
        t`Type it behind: ${typed("exec ip netns exec ns1 ip route")}`,
        EXIT.usage,
      );
    }
    if (rest[0] === "") {
      throw new Problem(
        t`An empty word is no command.`,
        t`Perhaps a variable of your shell is not set.`,
        EXIT.usage,
      );
    }
    return await runIn(flags, rest);
  },
};

run(import.meta, task);
