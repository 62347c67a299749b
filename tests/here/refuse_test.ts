/** Tests of what the machine `here` refuses, before anything is done. */

import { assertEquals, assertMatch } from "@std/assert";
import { assertState, machine, prepare, stateOf } from "./here.ts";
import { ROOT } from "../throwaway.ts";

/** Where systemd-resolved says whom it asks itself. */
const RESOLVED = "/run/systemd/resolve";

/** What is there already, how to take it away, and what is said of it. */
const REFUSALS: [there: string, away: string, says: RegExp][] = [
  [
    "ip link add name br0 type bridge",
    "ip link del dev br0",
    /^This machine has a link br0 \(bridge\), and the lab would make its own br0\.\n.*--on sandbox/,
  ],
  [
    "ip link add name uplink7 type bridge; ip link property add dev uplink7 altname rt-veth",
    "ip link del dev uplink7",
    /^This machine has a link uplink7 that is also called rt-veth, and the lab would make its own rt-veth\./,
  ],
  [
    "ip netns add ns2",
    "ip netns del ns2",
    /^This machine has a network namespace ns2, and the lab would make its own ns2\.\n.*ip netns del ns2/,
  ],
  [
    "ip address add 192.168.0.23/24 dev eth0",
    "ip address del 192.168.0.23/24 dev eth0",
    /^The lab's subnet 192\.168\.0\.0\/24 is taken on this machine: eth0 has 192\.168\.0\.23\/24\.\n.*--subnet 10\.77\.0\.0\/24$/m,
  ],
  [
    "ip route add 192.168.0.0/16 dev eth0 table 52; ip address add 10.77.0.9/16 dev eth0",
    "ip route flush table 52; ip address del 10.77.0.9/16 dev eth0",
    /is taken on this machine: a route to 192\.168\.0\.0\/16 by eth0 in table 52\.\n.*--subnet 172\.27\.77\.0\/24$/m,
  ],
  [
    "ip route add blackhole 192.168.0.128/25",
    "ip route del blackhole 192.168.0.128/25",
    /is taken on this machine: a route \(blackhole\) to 192\.168\.0\.128\/25\./,
  ],
  [
    "ip route replace default via 192.168.0.254 dev eth0 onlink",
    "ip route replace default via 203.0.113.1",
    /is taken on this machine: a route to default via 192\.168\.0\.254 by eth0\.\n/,
  ],
  [
    `mkdir -p ${RESOLVED}; printf 'nameserver ::1\\nnameserver 192.168.0.53\\n' >${RESOLVED}/resolv.conf`,
    `rm -r ${RESOLVED}`,
    /is taken on this machine: its name server is 192\.168\.0\.53 \(\S+\)\.\n.*--subnet 10\.77/m,
  ],
  [
    "ip route del default",
    "ip route add default via 203.0.113.1",
    /^This machine has no default route, so the lab would have no way to 8\.8\.8\.8\.\n/,
  ],
];

Deno.test("here: refuses what would get in somebody's way, names him, and touches nothing", async () => {
  await using lab = await machine();
  for (const [there, away, says] of REFUSALS) {
    await prepare(lab, there);
    const before = await stateOf(lab);
    const { code, stdout, stderr } = await lab.task("stage:nat");
    assertEquals([code, stdout], [3, ""], there);
    assertMatch(stderr, says);
    assertEquals(stderr.trim().split("\n").length, 2, stderr);
    await assertState(lab, before, there);
    await prepare(lab, away);
  }
  // Nor does `down` take away what the lab did not make.
  await prepare(lab, "ip link add name br0 type bridge; ip netns add ns1");
  const before = await stateOf(lab);
  const { stdout: down } = await lab.task("down");
  assertMatch(
    down,
    /^No lab is here\.\nLeft as it is:\n {2}Link br0: it does not/m,
  );
  await assertState(lab, before, "down");
  await prepare(lab, "ip link del br0; ip netns del ns1");
  // A VPN that says "default" in two halves is in nobody's way.
  await prepare(
    lab,
    "ip link add tun7 type bridge; ip link set tun7 up; ip route add 128.0.0.0/1 dev tun7",
  );
  assertEquals((await lab.task("stage:netns --quiet")).code, 0);
});

Deno.test("here: whoever is connected by way of the default route is not cut off", async () => {
  await using lab = await machine();
  const deno = `DENO_NO_UPDATE_CHECK=1 '${Deno.execPath()}' eval`;
  const client = `
    while (!globalThis.socket) {
      globalThis.socket = await Deno.connect({ hostname: "192.168.0.9", port: 22 })
        .catch(() => {});
    }
    Deno.writeTextFileSync("/run/connected", "");
    await new Promise((resolve) => setTimeout(resolve, 1e6));`;
  await prepare(
    lab,
    `ip -n outside address add 192.168.0.9/32 dev lo
     ip netns exec outside env ${deno} 'for await (const each of Deno.listen({ port: 22 })) globalThis.all = [each, globalThis.all]' >/dev/null 2>&1 &
     env ${deno} '${client}' >/dev/null 2>&1 &
     timeout 30 sh -c 'until [ -e /run/connected ]; do :; done'`,
  );
  const before = await stateOf(lab);
  const { code, stderr } = await lab.task("stage:nat");
  assertEquals(code, 3);
  assertMatch(
    stderr,
    /^The lab's subnet 192\.168\.0\.0\/24 is taken on this machine: it has a connection with 192\.168\.0\.9\.\n.*--subnet 10\.77\.0\.0\/24\n$/,
  );
  await assertState(lab, before, "it is as it was");
});

Deno.test("here: with the subnet that a refusal proposes, the lab works", async () => {
  await using lab = await machine();
  await prepare(lab, "ip address add 192.168.0.23/24 dev eth0");
  const { stderr } = await lab.task("stage:nat");
  const proposed = stderr.match(/--subnet \S+/)?.[0];
  const { code, stdout } = await lab.task(`stage:nat --quiet ${proposed}`);
  assertEquals(code, 0, stdout);
  assertMatch(stdout, /ns1 to 10\.77\.0\.2 .*ok/);
});

Deno.test("here: takes root, as somebody learns who types --on here", async () => {
  await using lab = await machine();
  const as = async (...user: string[]) => {
    const task = ["deno", "task", "--quiet", "--config", CONFIG];
    const env = ["env", "-u", "LAB_MACHINE", "NO_COLOR=1", `PATH=${PATH}`];
    return await lab.exec([
      ...user,
      ...env,
      ...task,
      "stage:netns",
      "--on",
      "here",
    ]);
  };
  const nobody = await as("unshare", "--user");
  assertEquals(
    nobody.stderr,
    "Cannot look after this machine's network: that takes root.\n" +
      "Type the same as root (sudo), or use the sandbox: --on sandbox.\n",
  );
  assertEquals([nobody.code, nobody.stdout], [3, ""]);
  const root = await as();
  assertEquals([root.code, root.stderr], [0, ""]);
  assertMatch(root.stdout, /^Machine: here, this very Linux, uplink eth0\n/);
  assertMatch(root.stdout, /deno task stage:bridge --on here$/m);
});

const CONFIG = `${ROOT}deno.json`;
const PATH = `${Deno.execPath().replace(/\/[^/]*$/, "")}:${
  Deno.env.get("PATH")
}`;

Deno.test("here: exec and shell run a program on this very machine", async () => {
  await using lab = await machine();
  const exec = await lab.type("exec --on here -- ip -brief link show dev eth0");
  assertEquals([exec.code, exec.stderr], [0, ""]);
  assertMatch(exec.stdout, /^eth0@/);
  const shell = await lab.type("shell --on here", "SHELL=/bin/true");
  assertEquals(shell, { code: 0, stdout: "", stderr: "" });
});
