/** Namespaces without a name: they are read like any other. */

import { assertEquals, assertMatch } from "@std/assert";
import { labAt, shell } from "../trace/traced.ts";

Deno.test("doctor: sees into the namespace of a process, which has no name", async () => {
  await using lab = await labAt(
    "nat",
    "unshare --net sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >/run/pid",
    "until [ $(lsns -n -t net -o NS -p $(cat /run/pid)) != $(lsns -n -t net -o NS -p $$) ]; do :; done",
    "ip link add name v3 type veth peer name eth0 netns $(cat /run/pid)",
    "ip link set dev v3 master br0",
    "ip link set dev v3 up",
    "nsenter --target=$(cat /run/pid) --net ip addr add 192.168.0.3/24 dev eth0",
    "nsenter --target=$(cat /run/pid) --net ip link set dev eth0 up",
    "nsenter --target=$(cat /run/pid) --net sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
  );
  const { code, stdout } = await lab.task("doctor ns1 192.168.0.3");
  assertEquals(code, 1, stdout);
  assertMatch(
    stdout,
    /process \d+ \(sleep\) is reached, but does not answer pings/,
  );
  assertMatch(stdout, /\$ nsenter --target=\d+ --net -- sysctl/);
  // It is seen, but not asked about where nobody asks.
  await shell(lab, "ip netns del ns2");
  const { stdout: ours } = await lab.task("doctor ns1 8.8.8.8");
  assertMatch(ours, /Not looked at: process \d+ \(sleep\)/);
});
