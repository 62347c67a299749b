/** Among many namespaces those are read that a question is about, or all. */

import { assertEquals, assertMatch } from "@std/assert";
import { labAt, shell } from "../trace/traced.ts";

/** As many computers as on a busy container host. */
const MANY = Array.from({ length: 60 }, (_, i) => `m${i}`);

Deno.test("doctor: answers for one of many namespaces, and finds what another one does to it", async () => {
  await using lab = await labAt("nat");
  const batch = MANY.flatMap((name) => [
    `netns add ${name}`,
    `link add name v${name} type veth peer name eth0 netns ${name}`,
    `link set dev v${name} master br0`,
    `link set dev v${name} up`,
  ]);
  await shell(lab, `ip -batch - <<'E'\n${batch.join("\n")}\nE`);
  const healthy = await lab.task("doctor ns1");
  assertEquals(healthy.code, 0, healthy.stdout);
  assertMatch(healthy.stdout, /Not looked at: 61 other namespaces/);

  // The last of them takes ns2's address, and ns2 leaves.
  const last = MANY.at(-1);
  await shell(
    lab,
    "ip -n ns2 addr del 192.168.0.2/24 dev ns-veth2",
    `ip -n ${last} addr add 192.168.0.2/24 dev eth0`,
    `ip -n ${last} link set dev eth0 up`,
    `ip netns exec ${last} sysctl -qw net.ipv4.icmp_echo_ignore_all=1`,
    "ip -n ns1 neigh flush all",
  );
  const broken = await lab.task("doctor ns1 192.168.0.2");
  assertEquals(broken.code, 1, broken.stdout);
  assertMatch(broken.stdout, new RegExp(`${last} .*answer`));
  assertMatch(broken.stdout, /Code {3}echo-ignored/);
});
