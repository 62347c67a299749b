/** `deno task test`: the whole suite, every test in a sandbox of its own. */

import type { Task } from "../../lib/task.ts";
import { enter } from "../../vm/enter.ts";

/**
 * Tests make machines and break them: they may run what they like. (Types are
 * for `deno task check`.)
 */
const MAY = [
  "--no-check",
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];

/** The task. */
export const task: Task = {
  name: "test",
  about: "Runs the tests, each in a fresh sandbox that dies with it.\n" +
    "What follows -- goes to `deno test`, such as -- --filter addr.",
  usage: "[FILE…] [-- OPTIONS OF deno test]",
  words: 99,
  where: "host",
  options: {},
  async main({ words, rest }) {
    // Tests are the same however they are called.
    Deno.env.delete("LAB_CALL");
    Deno.env.delete("LAB_ON");
    if (words.length > 0) {
      return await deno("test", "--parallel", ...MAY, ...rest, ...words);
    }
    // No test may leave a trace on the host: it is looked at before and after.
    const prepared = await deno("run", ...MAY, "tests/host/state.ts");
    const tested = await deno("test", "--parallel", ...MAY, ...rest, "tests/");
    const same = await deno("test", ...MAY, "tests/host/after.ts");
    return prepared || tested || same;
  },
};

async function deno(...args: string[]): Promise<number> {
  const { code } = await new Deno.Command("deno", {
    args,
    cwd: new URL("../..", import.meta.url),
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code;
}

enter(import.meta, task);
