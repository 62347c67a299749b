/** The task itself: its output, its exit codes, and that it changes nothing. */

import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import type { Machine } from "../../lib/lab/machine.ts";
import { task } from "../../scripts/tasks/doctor.ts";
import { denoArgs } from "../../vm/deno_args.ts";
import { ROOT, sharedFolder, type Throwaway, throwaway } from "../throwaway.ts";

async function finishedLab(): Promise<Throwaway> {
  const lab = await throwaway();
  const { code, stderr } = await lab.task("stage:nat --quiet");
  assertEquals(code, 0, stderr);
  return lab;
}

/** All that could have changed, counters included. */
const STATE = [
  "iptables-save -c",
  "iptables-legacy-save -c",
  "nft list ruleset",
  "conntrack -L",
  // How many packets came and went, of what people send.
  "cat /proc/net/snmp",
  "ip netns exec ns1 cat /proc/net/snmp",
  "ip netns exec ns1 nft list ruleset",
  "ip netns exec ns2 nft list ruleset",
  "ip -j rule",
  "ip -4 -j route show table all",
  "sysctl -e net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables",
  "cat /proc/net/ip_tables_names",
  "cat /proc/modules",
];

const state = (lab: Throwaway) =>
  Promise.all(STATE.map(async (line) => {
    const { stdout } = await lab.run(line);
    // What counts on by itself: a conversation's time left, the time of day.
    return stdout.replace(/(\w+ +\d+) \d+ src=/g, "$1 src=")
      .replace(/^# (Generated|Completed) .*$/gm, "")
      // The kernel itself sends IGMP.
      .replace(/^Ip(Ext)?: .*$/gm, "");
  }));

Deno.test("doctor: a healthy lab is fine, and stays as it was", async () => {
  // Deno itself would ask the network whether there is a newer one.
  Deno.env.set("DENO_NO_UPDATE_CHECK", "1");
  await using lab = await finishedLab();
  const before = await state(lab);
  const read = await lab.task("doctor --no-probe");
  assertEquals(read.code, 0, read.stdout);
  assertMatch(read.stdout, /Nothing wrong was found, but no ping was sent/);
  assertEquals(await state(lab), before);

  const { code, stdout } = await lab.task("doctor");
  assertEquals(code, 0, stdout);
  assertMatch(stdout, /A real ping came back each time/);
  assertMatch(stdout, /Not looked at: IPv6, ports of TCP and UDP, names/);
  const wide = stdout.split("\n").filter((line) => [...line].length > 80);
  assertEquals(wide, []);
});

Deno.test("doctor: names a cause, and mends it with --fix alone", async () => {
  await using lab = await finishedLab();
  await lab.run("ip link set dev br-veth1 nomaster");
  await lab.run("iptables -P FORWARD DROP");

  const said = await lab.task("doctor");
  assertEquals(said.code, 1, said.stdout);
  assertMatch(said.stdout, /br-veth1 is a port of no bridge/);
  assertMatch(said.stdout, /\$ ip link set dev br-veth1 master br0/);
  assertMatch(said.stdout, /bridge-port-missing/);
  const wide = said.stdout.split("\n").filter((line) => [...line].length > 80);
  assertEquals(wide, []);

  const json = await lab.task("doctor ns1 ns2 --json --no-probe");
  const { cause } = JSON.parse(json.stdout);
  assertEquals([json.code, cause.code], [1, "bridge-port-missing"]);
  assertEquals(cause.fix[0], "ip link set dev br-veth1 master br0");

  // Nobody is there to say yes.
  const asked = await lab.task("doctor --fix");
  assertEquals(asked.code, 1, asked.stdout);
  assertMatch(asked.stdout, /Not run/);

  const mended = await lab.task("doctor --fix --yes");
  assertEquals(mended.code, 0, mended.stdout + mended.stderr);
  assertMatch(mended.stdout, /Checking again/);
  assertMatch(mended.stdout, /Nothing is wrong/);
});

Deno.test("doctor: looks at processes and containers, and never touches them", async () => {
  await using lab = await finishedLab();
  // A network that has no name, as containers have.
  await lab.run("ip netns exec ns2 ip route del default");
  const holder = ["ip", "netns", "exec", "ns2", "sh", "-c"];
  const start = "sleep 60 >/dev/null 2>&1 & echo $!";
  const pid = (await lab.exec([...holder, start])).stdout.trim();

  const said = await lab.task(`doctor --pid ${pid} --json`);
  const { cause, readOnly } = JSON.parse(said.stdout);
  assertEquals([said.code, readOnly], [1, true], said.stderr);
  assertEquals(cause.code, "no-default-route");
  assertEquals(
    cause.fix,
    [`nsenter --target=${pid} --net -- ip route add default via 192.168.0.100`],
  );

  const fix = await lab.task(`doctor --pid ${pid} --fix --yes`);
  assertEquals(fix.code, 2, fix.stdout);
  assertMatch(fix.stderr, /never touched/);

  const none = await lab.task("doctor --pid 4194304");
  assertEquals(none.code, 3, none.stdout);
  assertMatch(none.stderr, /Cannot enter/);

  // An engine is asked for a container's process, and for nothing else.
  const folder = await sharedFolder();
  const engine = `#!/bin/sh\n[ "$1 $4" = "inspect web" ] && echo ${pid}\n`;
  await Deno.writeTextFile(`${folder}/docker`, engine, { mode: 0o755 });
  // A sandbox that root made has not root's rights.
  await Deno.chmod(folder, 0o755);
  const path = Deno.env.get("PATH")!;
  Deno.env.set("PATH", `${folder}:${path}`);
  const inside = await lab.task("doctor --container web --json");
  Deno.env.set("PATH", path);
  await Deno.remove(folder, { recursive: true });
  assertEquals(JSON.parse(inside.stdout).cause.fix, cause.fix, inside.stderr);

  // Podman is asked only where it was used: asking makes its folder.
  await lab.run("mount -t tmpfs none /var/lib");
  const ask = "doctor --container no-such-container";
  const gone = await lab.task(ask);
  assertEquals(gone.code, 3, gone.stdout);
  assertMatch(gone.stderr, /docker: /);
  assertNotMatch(gone.stderr, /podman: /);
  await lab.run("mkdir /var/lib/containers");
  assertMatch((await lab.task(ask)).stderr, /docker: .*podman: /s);
});

Deno.test("doctor: wrong words are told, with the nearest right one", async () => {
  await using lab = await finishedLab();
  const typo = await lab.task("doctor nss1 8.8.8.8");
  assertEquals([typo.code, typo.stdout], [2, ""]);
  assertMatch(typo.stderr, /no namespace "nss1"[^]*"ns1"/);

  const name = await lab.task("doctor ns1 example.org");
  assertEquals([name.code, name.stdout], [2, ""]);
  assertMatch(name.stderr, /"example.org"/);

  const code = await lab.task("doctor --explain link-dwn");
  assertEquals(code.code, 2);
  assertMatch(code.stderr, /"link-down"/);

  const explained = await lab.task("doctor --explain link-down");
  assertEquals(explained.code, 0);
  assertMatch(explained.stdout, /layer: link/);

  const both = await lab.task("doctor --fix --json");
  assertEquals(both.code, 2);
});

Deno.test("doctor: without leave to ping it could not check, and says so", async () => {
  await using lab = await finishedLab();
  const machine = { kind: "sandbox", name: "test", pid: lab.pid, isNew: false };
  const { code, stdout } = await lab.exec([
    "setpriv",
    "--bounding-set=-net_raw",
    "--inh-caps=-net_raw",
    "env",
    `LAB_MACHINE=${JSON.stringify(machine)}`,
    "NO_COLOR=1",
    Deno.execPath(),
    ...denoArgs(
      machine as Machine,
      `${ROOT}scripts/tasks/doctor.ts`,
      task.needs,
    ),
  ]);
  assertEquals(code, 3, stdout);
  // Wherever the lines end: each version of ping has more or fewer words.
  const words = stdout.replace(/\s+/g, " ");
  assertMatch(words, /Operation not permitted|Permission denied/);
  assertMatch(stdout, /^It could not be checked: no ping could be sent/m);
  assertEquals(stdout.includes("Nothing is wrong"), false);
});

Deno.test("doctor: finds its way on a bridge with 200 containers", async () => {
  await using lab = await throwaway();
  const all = Array.from({ length: 200 }, (_, i) => i);
  const lines = [
    "link add name br0 type bridge",
    "addr add 10.9.0.1/16 dev br0",
    "link set dev br0 up",
    ...all.flatMap((i) => [
      `netns add c${i}`,
      `link add name v${i} master br0 up type veth peer name eth0 netns c${i}`,
      `netns exec c${i} ip link set dev eth0 up`,
      `netns exec c${i} ip addr add 10.9.1.${i + 1}/16 dev eth0`,
    ]),
    "netns exec c7 ip route add default via 10.9.0.1",
  ];
  await lab.exec(["ip", "-batch", "-"], lines.join("\n"));
  const { stdout } = await lab.task("doctor c7 --no-probe --json");
  assertEquals(JSON.parse(stdout).cause.code, "forwarding-off");
});
