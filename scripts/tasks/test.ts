/** `deno task test`: the whole suite, every test in a sandbox of its own. */

import type { Task } from "../../lib/task.ts";
import { say } from "../../lib/terminal.ts";
import { enter } from "../../vm/enter.ts";
import { launch } from "../../vm/launch.ts";
import { findMachine, type Place } from "../../vm/machine.ts";
import { ROOT } from "../../vm/path.ts";
import { stdEnv } from "../../vm/std.ts";

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
    "Where there is a VM: runs all stages in it, on its eth0. All tests in the\n" +
    "VM: deno task test tests/. All tests here: deno task test --on sandbox.\n" +
    "What follows -- goes to `deno test`, such as -- --filter addr.",
  usage: "[FILE…] [-- OPTIONS OF deno test]",
  words: 99,
  where: "host",
  options: {},
  async main({ flags: { on, name }, words, rest }) {
    const where = await findMachine(
      "machine if there",
      on as string,
      name as string,
    );
    if (where.machine.kind === "vm") return await inVm(where, words, rest);
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

/** The stages on the VM's own network; or what was asked for, in the VM. */
async function inVm(
  vm: Place,
  words: string[],
  rest: string[],
): Promise<number> {
  const files = words.length > 0 ? words : ["tests/vm/stages_test.ts"];
  say(`Machine: the VM. Running there: ${files.join(" ")}`);
  return await launch(
    vm,
    // Types are checked on the host, by `deno task check`.
    [vm.deno, "test", "--no-check", ...MAY, ...rest, ...files],
    { ...await stdEnv(), LAB_MACHINE: JSON.stringify(vm.machine) },
  );
}

async function deno(...args: string[]): Promise<number> {
  // Tests wait for pings and for the kernel half of their time.
  const jobs = Deno.env.get("DENO_JOBS") ??
    `${2 * navigator.hardwareConcurrency}`;
  const { code } = await new Deno.Command("deno", {
    args,
    cwd: ROOT,
    env: { DENO_JOBS: jobs },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code;
}

enter(import.meta, task);
