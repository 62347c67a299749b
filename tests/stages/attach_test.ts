/** Stage 4: the cables plugged in. */

import { assertEquals } from "@std/assert";
import { attach } from "../../scripts/attach.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(attach, "unreachable", "unreachable");

Deno.test("attach: br0 has three ports, and ns1 the end that the PC has lost", async () => {
  await using lab = await throwaway();
  await lab.task("stage:attach --quiet");
  const ports = await lab.run("ip -brief link show master br0");
  assertEquals(ports.stdout.match(/^[^\s@]+/gm)?.sort(), [
    "br-veth1",
    "br-veth2",
    "br-veth3",
  ]);
  assertEquals((await lab.run("ip link show dev ns-veth1")).code, 1);
  const inside = await lab.run("ip netns exec ns1 ip link show dev ns-veth1");
  assertEquals(inside.code, 0);
});
