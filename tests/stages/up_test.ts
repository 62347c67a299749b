/** Stage 5: every interface up. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { up } from "../../scripts/up.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(up, "unreachable", "unreachable");

Deno.test("up: every port of br0 forwards frames, every cable has its light", async () => {
  await using lab = await throwaway();
  await lab.task("stage:up --quiet");
  const ports = await lab.run("bridge link show");
  assertEquals(ports.stdout.match(/master br0 state \w+/g), [
    "master br0 state forwarding",
    "master br0 state forwarding",
    "master br0 state forwarding",
  ]);
  for (const line of ["ip link show dev rt-veth", "ip link show dev br0"]) {
    assertStringIncludes((await lab.run(line)).stdout, "UP,LOWER_UP", line);
  }
});
