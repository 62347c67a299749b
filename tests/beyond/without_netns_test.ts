/** Chapter without-netns: what happens when all ends are one computer's. */

import { assertEquals, assertMatch } from "@std/assert";
import { throwaway } from "../throwaway.ts";
import { traced } from "../trace/traced.ts";

Deno.test("without-netns: request and answer come in by lo, and by no wire", async () => {
  await using lab = await throwaway();
  await lab.task("beyond:without-netns");
  await lab.run("ip link set dev br0 up");
  const { verdict, events } = await traced(lab, "192.168.0.1 192.168.0.2");
  const seen = events.flatMap((event) =>
    event.kind === "seen" ? `${event.link} ${event.direction}` : []
  );
  assertEquals(verdict, "ok");
  assertEquals(seen, ["lo out", "lo in", "lo out", "lo in"]);
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
