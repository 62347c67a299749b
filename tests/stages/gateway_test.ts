/** Stage 8: default routes. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { gateway } from "../../scripts/gateway.ts";
import { requestsSeen } from "./outside.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(gateway, "ok", "no-reply");

Deno.test("gateway: the request arrives outside from 192.168.0.1, which has no way back", async () => {
  await using lab = await throwaway();
  await lab.task("stage:gateway --quiet");
  const seen = await requestsSeen(
    lab,
    ["192.168.0.1", "203.0.113.2"],
    () => lab.run("ip netns exec ns1 ping -c 1 -W 0.2 8.8.8.8"),
  );
  assertEquals(seen, { "192.168.0.1": 1, "203.0.113.2": 0 });
  const back = await lab.run(
    "ip netns exec outside ip route get 192.168.0.1 from 8.8.8.8",
  );
  assertStringIncludes(back.stderr, "Network is unreachable");
});
