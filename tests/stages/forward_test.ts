/** Stage 7: forwarding. */

import { assertStringIncludes } from "@std/assert";
import { forward } from "../../scripts/forward.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(forward, "ok", "unreachable");

Deno.test("forward: the PC would route a packet that comes from ns1", async () => {
  await using lab = await throwaway();
  await lab.task("stage:forward --quiet");
  const route = "ip route get 8.8.8.8 from 192.168.0.1 iif rt-veth";
  assertStringIncludes((await lab.run(route)).stdout, "via 203.0.113.1");
  const internet = await lab.run("ip netns exec ns1 ping -c 1 8.8.8.8");
  assertStringIncludes(internet.stderr, "Network is unreachable");
});
