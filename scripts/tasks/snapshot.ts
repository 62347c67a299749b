/** `deno task snapshot`: the kernel's state as JSON. */

import { emptySnapshot, takeSnapshot } from "../../lib/net/snapshot.ts";
import { SNAPSHOT_FORMAT } from "../../lib/net/snapshot_file.ts";
import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { run } from "./run.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "snapshot",
  about: t`Prints what the kernel says of the machine's network, as one JSON\n
    object: what figures and checks are made from. \`draw --from\` reads it.`,
  usage: "[OPTIONS] > FILE",
  words: 0,
  where: "machine if there",
  options: {},
  async main({ machine }) {
    const isThere = machine.kind !== "none";
    const snapshot = isThere ? await takeSnapshot() : emptySnapshot();
    say(JSON.stringify({ format: SNAPSHOT_FORMAT, machine, snapshot }));
    return 0;
  },
};

run(import.meta, task);
