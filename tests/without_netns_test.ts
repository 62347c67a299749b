/** Chapter without-netns: what happens when all ends are one computer's. */

import { assertEquals, assertMatch } from "@std/assert";
import { type Throwaway, throwaway } from "./throwaway.ts";

/** How many ICMP packets came in by each of these interfaces. */
async function icmpIn(lab: Throwaway, links: string[]): Promise<number[]> {
  const { stdout } = await lab.run("iptables -vnxL INPUT");
  return links.map((link) => {
    const rule = stdout.split("\n").find((line) => line.includes(` ${link} `));
    return Number(rule?.trim().split(/\s+/)[0]);
  });
}

Deno.test("without-netns: request and answer come in by lo, and by no wire", async () => {
  await using lab = await throwaway();
  await lab.task("beyond:without-netns");
  await lab.run("ip link set dev br0 up");
  const links = ["lo", "br0", "ns-veth1", "ns-veth2"];
  for (const link of links) {
    await lab.run(`iptables -A INPUT -i ${link} -p icmp`);
  }
  await lab.run("ping -c 1 -w 1 -I 192.168.0.1 192.168.0.2");
  assertEquals(await icmpIn(lab, links), [2, 0, 0, 0]);
});

Deno.test("without-netns: forced out of a wire, the ping gets no answer", async () => {
  await using lab = await throwaway();
  await lab.task("beyond:without-netns");
  await lab.run("ip link set dev br0 up");
  const { code, stdout } = await lab.run(
    "ping -c 1 -w 1 -I ns-veth1 192.168.0.2",
  );
  assertEquals(code, 1);
  assertMatch(stdout, /100% packet loss/);
});

Deno.test("without-netns: with namespaces the switch is needed", async () => {
  await using lab = await throwaway();
  await lab.task("stage:addr");
  await lab.run("ip link set dev br0 down");
  const { code } = await lab.run(
    "ip netns exec ns1 ping -c 1 -w 1 192.168.0.2",
  );
  assertEquals(code, 1);
});
