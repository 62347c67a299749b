/** Stage 9: source NAT. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { nat } from "../../scripts/nat.ts";
import { requestsSeen } from "./outside.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(nat, "ok", "ok");

Deno.test("nat: outside sees the uplink's address, ns2 the real one", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  let ping = "";
  const seen = await requestsSeen(
    lab,
    ["192.168.0.1", "203.0.113.2"],
    async () => {
      const command = "ip netns exec ns1 ping -c 1 -W 1 8.8.8.8";
      ping = (await lab.run(command)).stdout;
    },
  );
  assertEquals(seen, { "192.168.0.1": 0, "203.0.113.2": 1 });
  assertStringIncludes(ping, "ttl=63");

  await lab.run(
    "ip netns exec ns2 iptables -A INPUT -s 192.168.0.1/32 -p icmp",
  );
  await lab.run("ip netns exec ns1 ping -c 1 -W 1 192.168.0.2");
  const rules = await lab.run("ip netns exec ns2 iptables-save -c");
  assertStringIncludes(rules.stdout, "[1:84] -A INPUT -s 192.168.0.1/32");
});
