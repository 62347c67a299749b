/** `deno task test`: the whole suite, every test in a sandbox of its own. */

import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { run } from "./run.ts";
import { launch } from "../../vm/launch.ts";
import { findMachine } from "../../vm/find_machine.ts";
import { type MachinePlace } from "../../vm/machine_place.ts";
import config from "../../deno.json" with { type: "json" };
import { testFiles } from "./test_files.ts";
import { FAULTS, MAY, runTests, withSameHost } from "./run_tests.ts";
import { t } from "../../lib/cli/translate.ts";

/** Tests that take long, or more than a lab does. */
const OTHERS = ["tests/engines", "tests/vm", ...FAULTS].join();

/** The task. */
export const task: Task = {
  name: "test",
  about: t`Runs the tests, each in a fresh sandbox that dies with it.\n
    Where there is a VM: runs all stages in it, on its eth0. All tests in the\n
    VM: deno task test tests/. All tests here: deno task test --on sandbox.\n
    A file goes by its name as well: deno task test nat.\n
    What follows -- goes to \`deno test\`, such as -- --filter addr.`,
  usage: "[FILE…] [-- OPTIONS OF deno test]",
  words: 99,
  rest: true,
  where: "host",
  options: {},
  async main({ flags: { on, name }, words, rest }) {
    const files = words.flatMap(testFiles);
    const where = await findMachine(
      "machine if there",
      on as string,
      name as string,
    );
    if (where.machine.kind === "vm") return await inVm(where, files, rest);
    if (files.length > 0) return await runTests(...rest, ...files);
    const code = await withSameHost(() =>
      runTests(`--ignore=${OTHERS}`, ...rest, "tests/")
    );
    nameOthers();
    return code;
  },
};

/** The stages on the VM's own network; or what was asked for, in the VM. */
async function inVm(
  vm: MachinePlace,
  asked: string[],
  rest: string[],
): Promise<number> {
  const files = asked.length > 0 ? asked : ["tests/vm/stages_test.ts"];
  say(t`Machine: the VM. Running there: ${files.join(" ")}`);
  return await launch(
    vm,
    // Types are checked on the host, by `deno task check`.
    [vm.deno, "test", "--no-check", ...MAY, ...rest, ...files],
    { LAB_MACHINE: JSON.stringify(vm.machine) },
  );
}

/** Names the tasks of those tests, with what they take. */
function nameOthers() {
  say(t`\nMore tests, in tasks of their own:`);
  for (const [name, { description }] of Object.entries(config.tasks)) {
    if (!name.startsWith("test:")) continue;
    say(`  ${typed(name).padEnd(24)} ${description}`);
  }
}

run(import.meta, task);
