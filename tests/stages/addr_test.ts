/** Stage 6: three addresses. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { addr } from "../../scripts/addr.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(addr, "ok", "unreachable");

Deno.test("addr: neighbours answer by ARP, with no router between them", async () => {
  await using lab = await throwaway();
  await lab.task("stage:addr --quiet");
  const ping = await lab.run("ip netns exec ns1 ping -c 1 -W 1 192.168.0.2");
  assertStringIncludes(ping.stdout, "ttl=64");
  const neighbours = await lab.run("ip netns exec ns1 ip neigh");
  assertStringIncludes(neighbours.stdout, "192.168.0.2 dev ns-veth1 lladdr");
  const pc = await lab.run("ip netns exec ns1 ping -c 1 -W 1 192.168.0.100");
  assertEquals(pc.code, 0);
  const internet = await lab.run("ip netns exec ns1 ping -c 1 8.8.8.8");
  assertStringIncludes(internet.stderr, "Network is unreachable");
});
