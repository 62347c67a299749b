/** `deno task test`: the whole suite, every test in a sandbox of its own. */

import type { Task } from "../../lib/task.ts";
import { enter } from "../../vm/enter.ts";

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
    const files = words.length ? words : ["tests/"];
    const { code } = await new Deno.Command("deno", {
      args: [
        "test",
        "--parallel",
        "--no-prompt",
        "--allow-read",
        "--allow-write",
        "--allow-env",
        "--allow-run",
        "--allow-sys",
        ...rest,
        ...files,
      ],
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn().status;
    return code;
  },
};

enter(import.meta, task);
