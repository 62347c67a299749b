/**
 * The nine stages inside the VM, on its own eth0: what `vagrant up && deno task
 * test` runs there. In this order: each test goes on from the one before.
 */

import { assert, assertEquals } from "@std/assert";
import { type Result, run } from "../../lib/cli/command.ts";
import type { Report } from "../../lib/lab/report.ts";
import type { Task } from "../../lib/task/task.ts";
import { stages } from "../../scripts/mod.ts";
import { task as downTask } from "../../scripts/tasks/down.ts";
import { denoArgs } from "../../vm/deno_args.ts";
import { ROOT } from "../../vm/path.ts";
import { hostState } from "../host/state.ts";
import { leftOut, machine } from "./sides.ts";

/** Runs a script as the entry does. */
async function script(
  path: string,
  { needs = [] }: Partial<Task>,
  ...args: string[]
): Promise<Result> {
  const words = denoArgs(machine!, `${ROOT}scripts/${path}`, needs);
  return await run(["deno", ...words, ...args]);
}

type Network = Awaited<ReturnType<typeof hostState>>;

const SETTINGS = "sysctl -a -r ^net\\.";

/**
 * The VM's network, but for what the kernel keeps ready once it was needed: a
 * table without rules, and the settings of modules that it had to load.
 */
async function network(before?: Network): Promise<Network> {
  const state = await hostState();
  const empty = /^\*\w+\n(:\w+ ACCEPT .*\n)*COMMIT\n/gm;
  const known = before && new Set(names(before[SETTINGS]));
  const settings = state[SETTINGS].split("\n")
    .filter((line) => !known || known.has(names(line)[0]));
  return {
    ...state,
    "iptables-save": state["iptables-save"].replaceAll(empty, ""),
    [SETTINGS]: settings.join("\n"),
  };
}

function names(settings: string): string[] {
  return settings.split("\n").map((line) => line.split(" = ")[0]);
}

const down = () => script("tasks/down.ts", downTask);

if (machine?.kind !== "vm") leftOut("stages on a VM's eth0");
else {
  let before: Network;

  Deno.test("VM: its network is looked at, with no lab there", async () => {
    assertEquals((await down()).code, 0);
    before = await network();
    assert(before["ip -j route show table all"].includes('"dev":"eth0"'));
    assert(before[SETTINGS].includes("net.ipv4.ip_forward = 0"));
  });

  for (const { name, reach } of stages) {
    Deno.test(
      `stage ${name} on the VM's eth0: ns1 to ns2 ${reach.ns2}, to 8.8.8.8 ${reach.internet}`,
      async () => {
        const { code, stdout, stderr } = await script(
          "tasks/stage.ts",
          {},
          name,
          "--json",
        );
        assertEquals([code, stderr], [0, ""]);
        const { machine, stages, reach: seen }: Report = JSON.parse(stdout);
        assertEquals([machine.kind, machine.uplink], ["vm", "eth0"]);
        assertEquals(
          stages.findLast((stage) => stage.inPlace)?.name,
          name,
        );
        assertEquals(
          seen.map(({ verdict }) => verdict),
          [reach.ns2, reach.internet],
        );
      },
    );
  }

  Deno.test("down: leaves the VM's links, addresses, routes, rules and settings as they were", async () => {
    const { code, stdout } = await down();
    assertEquals([code, stdout.includes("Left as it is")], [0, false], stdout);
    assertEquals(await network(before), before);
  });
}
