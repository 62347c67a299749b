/** Stage 1: two network namespaces. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { netns } from "../../scripts/netns.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(netns, "unreachable", "unreachable");

Deno.test("netns: ns1 sees no card of the PC, and reaches itself", async () => {
  await using lab = await throwaway();
  await lab.task("stage:netns --quiet");
  const links = await lab.run("ip netns exec ns1 ip -brief link");
  assertEquals(links.stdout.match(/^\S+/gm), ["lo"]);
  const itself = await lab.run("ip netns exec ns1 ping -c 1 -W 1 127.0.0.1");
  assertEquals(itself.code, 0);
  const ns2 = await lab.run("ip netns exec ns1 ping -c 1 192.168.0.2");
  assertStringIncludes(ns2.stderr, "Network is unreachable");
});
