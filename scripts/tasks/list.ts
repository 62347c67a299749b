/** `deno task list`: the sandboxes of this checkout. */

import { EXIT } from "../../lib/cli/problem.ts";
import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { run } from "./run.ts";
import { listSandboxes } from "../../vm/sandbox/find_sandbox.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "list",
  about: t`Lists the sandboxes of this checkout that live, by their names.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  options: { json: { about: t`print one JSON object and nothing else` } },
  async main({ flags }) {
    const sandboxes = await listSandboxes();
    if (flags.json) {
      say(JSON.stringify({ sandboxes }));
      return EXIT.ok;
    }
    if (sandboxes.length === 0) {
      say(t`No sandbox is here. This makes one: ${typed("stage:netns")}`);
      return EXIT.ok;
    }
    const width = Math.max(...sandboxes.map(({ name }) => name.length));
    for (const { name, pid } of sandboxes) {
      const where = pid === null ? t`you are inside of it` : t`process ${pid}`;
      say(`${name.padEnd(width)}  ${where}`);
    }
    say(t`\nThis ends them all: ${typed("down --all")}`);
    return EXIT.ok;
  },
};

run(import.meta, task);
