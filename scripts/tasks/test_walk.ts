/** `deno task test:walk`: the walk against the kernel, in random networks. */

import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { t } from "../../lib/cli/translate.ts";
import type { Task } from "../../lib/task/task.ts";
import { launch } from "../../vm/launch.ts";
import { findMachine } from "../../vm/find_machine.ts";
import { ROOT } from "../../vm/path.ts";
import { run } from "./run.ts";

/** The task. */
export const task: Task = {
  name: "test:walk",
  about: t`Makes random networks with random faults and rules, foretells what\n
    random packets will see there, and holds that against real ones. What was\n
    foretold wrongly is printed with its seed and with the network as commands.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  options: {
    count: { value: "NUMBER", about: t`how many networks (200)` },
    seed: { value: "NUMBER", about: t`the first one's number (1)` },
  },
  async main({ flags }) {
    const options = (["count", "seed"] as const).flatMap((name) => {
      const said = flags[name];
      if (typeof said !== "string") return [];
      if (/^\d{1,9}$/.test(said) && Number(said) > 0) {
        return [`--${name}=${said}`];
      }
      throw new Problem(
        t`--${name} is a whole number from 1 on: ${
          JSON.stringify(said)
        } is none.`,
        undefined,
        EXIT.usage,
      );
    });
    // Networks are the same however they are called.
    Deno.env.delete("LAB_ON");
    return await launch(await findMachine("host"), [
      ..."deno run --quiet --no-check --allow-all".split(" "),
      `${ROOT}tests/walk/main.ts`,
      ...options,
    ]);
  },
};

run(import.meta, task);
