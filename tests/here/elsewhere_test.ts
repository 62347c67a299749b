/**
 * Tests of `here` where that is not where process 1 is: somebody has gone into
 * a network namespace of his own, and sees the processes of the whole machine.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { assertState, machine, prepare, stateOf } from "./here.ts";
import { onHere } from "./tools.ts";
import type { Throwaway } from "../throwaway.ts";

/** Runs a script in `unshare -n`, with an uplink; `lab` is the machine around. */
async function elsewhere(lab: Throwaway, script: string) {
  return await lab.exec(["unshare", "--net", "sh", "-ec", UPLINK + script]);
}

const UPLINK = `
  ip link set lo up
  ip link add name eth0 type bridge
  ip address add 198.51.100.2/24 dev eth0
  ip link set eth0 up
  ip route add default via 198.51.100.1
`;

/** As a line of a shell script. */
function task(script: string, ...args: string[]): string {
  const quoted = onHere(script, args).map((word) =>
    `'${word.replaceAll("'", `'\\''`)}'`
  );
  return `${quoted.join(" ")} 2>&1\n`;
}

/** An `ip` that moves to the wrong place what is to come back. */
const ASTRAY = `
  mkdir /run/tools; cd /run/tools; cat >ip <<'IP'
#!/bin/sh
case "$*" in
  *-batch*) sed 's/netns 1$/netns outside/' | /usr/sbin/ip "$@" ;;
  *) exec /usr/sbin/ip "$@" ;;
esac
IP
  chmod +x ip
`;

const LINKS = "ip -brief link | cut -d' ' -f1 | cut -d@ -f1 | sort | xargs\n";

Deno.test("here: in unshare -n what is taken back comes back there, not to where process 1 is", async () => {
  await using lab = await machine();
  const before = await stateOf(lab);
  const { code, stdout, stderr } = await elsewhere(
    lab,
    task("scripts/tasks/stage.ts attach", "--quiet") +
      task("scripts/tasks/stage.ts attach", "--undo") +
      `echo then $(${LINKS})\n` +
      task("scripts/tasks/stage.ts up", "--quiet") +
      task("scripts/tasks/stage.ts veth", "--exactly", "--quiet") +
      `echo then $(${LINKS})\n` +
      task("scripts/tasks/down.ts") + LINKS,
  );
  assertEquals([code, stderr], [0, ""], stdout);
  assertMatch(
    stdout,
    /\$ ip netns exec ns1 ip link set dev ns-veth1 netns \/proc\/\d+\/ns\/net$/m,
  );
  assertMatch(
    stdout,
    /^The pages say netns 1; the commands below say netns \/proc\/\d+\/ns\/net\.$/m,
  );
  const all =
    "br-veth1 br-veth2 br-veth3 br0 eth0 lo ns-veth1 ns-veth2 rt-veth";
  assertEquals(stdout.match(/^then .*$/gm), [`then ${all}`, `then ${all}`]);
  assertMatch(stdout, /\nThe lab is gone from this machine\.\neth0 lo\n$/);
  await assertState(lab, before, "the machine around it");
});

Deno.test("here: who takes back, and the card goes elsewhere, is told so", async () => {
  await using lab = await machine();
  await lab.task("stage:attach --quiet");
  await prepare(lab, ASTRAY);
  const undo = await lab.exec(
    onHere(
      "scripts/tasks/stage.ts attach",
      ["--undo"],
      `/run/tools:${Deno.env.get("PATH")}`,
    ),
  );
  assertEquals(undo.code, 1, undo.stdout + undo.stderr);
  assertMatch(
    undo.stderr,
    /^`ip netns exec ns2 ip link set dev ns-veth2 netns 1` ran, and its link is not on this machine\.\n/,
  );
});

Deno.test("here: a lab of another network namespace is not written over", async () => {
  await using lab = await machine();
  await lab.task("stage:bridge --quiet");
  const before = await stateOf(lab);
  const { stdout } = await elsewhere(
    lab,
    `set +e\n${task("scripts/tasks/stage.ts bridge", "--quiet")}${
      task("scripts/tasks/down.ts")
    }`,
  );
  assertEquals(
    stdout.match(/tells of a lab in another one of this machine/g)?.length,
    2,
    stdout,
  );
  await assertState(lab, before, "it is as it was");
  const down = await lab.task("down");
  assertMatch(down.stdout, /The lab is gone from this machine/);
});
