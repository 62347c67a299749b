/** inspect-docker where Podman runs the containers. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Inspected } from "../../lib/docker/inspect.ts";
import { fixPath } from "../../vm/path.ts";
import { throwaway } from "../throwaway.ts";
import { inspectPodman, podmanLacks } from "./start.ts";

fixPath();
const missing = podmanLacks();
const ignore = missing.length > 0;
const why = ignore ? ` (not here: ${missing.join(", ")})` : "";

Deno.test({
  name: `inspect-docker: tells the cables of Podman's containers${why}`,
  ignore,
}, async () => {
  await using lab = await throwaway();
  const { code, stdout, stderr } = await inspectPodman(lab);
  assertEquals(code, 0, stderr);
  const { engine, containers } = JSON.parse(stdout);
  assertEquals(engine.client, "podman");
  assertEquals(
    containers.map(({ name, mode, ports }: Inspected) => [name, mode, ports]),
    [["p1", "bridge", []], ["p2", "bridge", ["8080:80/tcp"]]],
  );
  for (const { cards, gateway, pid } of containers as Inspected[]) {
    assertEquals([cards.length, gateway], [1, "10.88.0.1"]);
    const [{ name, port, bridge, address }] = cards;
    assertEquals([name, bridge], ["eth0", "podman0"]);
    const outside = await lab.run(`ip -j link show dev ${port}`);
    const inside = await lab.run(
      `nsenter --net=/proc/${pid}/ns/net ip -j addr show dev eth0`,
    );
    const [{ ifindex, addr_info }] = JSON.parse(inside.stdout);
    assertEquals(JSON.parse(outside.stdout)[0].link_index, ifindex);
    assertStringIncludes(address!, addr_info[0].local);
  }
});
