/** `deno task test:vm`: the whole way, from the box to the VM's end, for real. */

import type { Task } from "../../lib/task/task.ts";
import { run } from "./run.ts";
import { launch } from "../../vm/launch.ts";
import { findMachine } from "../../vm/find_machine.ts";
import { ROOT } from "../../vm/path.ts";
import { t } from "../../lib/cli/translate.ts";

const WORLD = `${ROOT}vm/world.sh`;

/** What is done, in this order, until something fails. */
const STEPS = [
  ["sh", WORLD, "--check"],
  // It needs Debian's packages, which the world has no way to.
  ["bash", `${ROOT}vm/box/build.sh`, "--no-add"],
  ["sh", WORLD, "sh", `${ROOT}tests/vm/run.sh`],
];

/** The task. */
export const task: Task = {
  name: "test:vm",
  about:
    t`Starts a real VM with Vagrant, runs the stages and the tests in it, and\n
    destroys it. All of it in a network of its own, with its own libvirt and\n
    its own 8.8.8.8: nothing leaves this machine, nothing on it changes.\n
    Takes root, Debian, and some minutes.`,
  usage: "",
  words: 0,
  where: "host",
  root: true,
  needs: ["--allow-run=sh,bash"],
  options: {},
  async main() {
    const host = await findMachine("host");
    for (const step of STEPS) {
      const code = await launch(host, step);
      if (code !== 0) return code;
    }
    return 0;
  },
};

run(import.meta, task);
