/** Stage 2: the bridge. */

import { assertEquals } from "@std/assert";
import { bridge } from "../../scripts/bridge.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(bridge, "unreachable", "unreachable");

Deno.test("bridge: is a switch without cables, hidden from ns1", async () => {
  await using lab = await throwaway();
  await lab.task("stage:bridge --quiet");
  const bridges = await lab.run("ip -brief link show type bridge");
  assertEquals(bridges.stdout.match(/^\S+/gm), ["br0"]);
  assertEquals((await lab.run("ip link show master br0")).stdout, "");
  const inside = await lab.run("ip netns exec ns1 ip link show dev br0");
  assertEquals(inside.code, 1);
});
