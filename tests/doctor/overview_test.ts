/** Bare doctor where there is no lab: every namespace is asked. */

import { assertEquals, assertMatch } from "@std/assert";
import { throwaway } from "../throwaway.ts";

/** As an engine has it: a bridge with an address, and containers on it. */
function network(names: readonly string[]): string {
  return [
    "sysctl -qw net.ipv4.ip_forward=1",
    "ip link add name docker0 type bridge",
    "ip addr add 172.17.0.1/16 dev docker0",
    "ip link set docker0 up",
    "iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    ...names.flatMap((name, i) => [
      `ip netns add ${name}`,
      `ip link add name v${i} type veth peer name e${i} netns ${name}`,
      `ip link set v${i} master docker0 up`,
      `ip -n ${name} addr add 172.17.0.${i + 2}/16 dev e${i}`,
      `ip -n ${name} link set e${i} up`,
      `ip -n ${name} link set lo up`,
      `ip -n ${name} route add default via 172.17.0.1`,
    ]),
  ].join("\n");
}

Deno.test("doctor: without a name every namespace is asked, the worst comes first", async () => {
  await using there = await throwaway();
  await there.exec(["sh", "-ec", network(["web", "c2", "c3"])]);
  const healthy = await there.task("doctor");
  assertEquals(healthy.code, 0, healthy.stdout + healthy.stderr);
  await there.run("ip -n c3 route del default");
  await there.run("ip -n web route del default");
  const { code, stdout } = await there.task("doctor");
  assertEquals(code, 1);
  const rows = stdout.split("\n").filter((line) => /^ (web|c2|c3) /.test(line));
  assertEquals(rows.map((row) => row.split(" ")[1]), ["c3", "web", "c2"]);
  assertMatch(rows[0], /✓ ok +✓ ok +✗ unreachable/);
  assertMatch(rows[2], /✓ ok +✓ ok +✓ ok/);
  assertMatch(stdout, /no-default-route/);
});
