/**
 * The tests of the VM have two sides: inside of it, and on the host that it
 * belongs to. Elsewhere they are left out, with the reason.
 */

import { type Result, run } from "../../lib/cli/command.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { ROOT } from "../../vm/path.ts";

/** What the entry told of the machine that this test runs on. */
export const machine: Machine | undefined = JSON.parse(
  Deno.env.get("LAB_MACHINE") || "null",
);

/** Says once, as a test that is left out, why tests of this name are. */
export function leftOut(name: string): void {
  Deno.test.ignore(`${name}: left out, ${why()}`, () => {});
}

function why(): string {
  if (machine?.kind === "vm") return "it looks at a VM from outside";
  try {
    const { success, stderr } = new Deno.Command("sh", {
      args: [`${ROOT}vm/world.sh`, "--check"],
    }).outputSync();
    if (success) return "it takes some minutes. Type: deno task test:vm";
    const [reason] = new TextDecoder().decode(stderr).split("\n");
    return `no VM can be started here (${reason.replace(/^world: /, "")})`;
  } catch {
    return "no VM can be started here";
  }
}

/** Whether this is the host of a VM that `deno task test:vm` has started. */
export const hasVm = Deno.env.get("LAB_TEST_VM") === "from-outside";

/** Types `deno task …` on the VM's host. */
export async function type(line: string, ...rest: string[]): Promise<Result> {
  return await run(["deno", "task", "--quiet", ...line.split(" "), ...rest]);
}
