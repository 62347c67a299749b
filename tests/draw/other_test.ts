/** Tests of the figure of networks that are not the lab's. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toDot } from "../../lib/draw/dot.ts";
import { figure } from "../../lib/draw/figure.ts";
import { toMermaid } from "../../lib/draw/mermaid.ts";
import { figureLines } from "../../lib/draw/terminal_figure.ts";
import { columns } from "../../lib/cli/width.ts";
import { ENGLISH } from "../../lib/draw/words.ts";
import { assertGolden } from "./golden.ts";
import { otherNetwork } from "./other_network.ts";
import { throwaway } from "../throwaway.ts";

Deno.test("draw: shows another bridge with three namespaces as a tree", async () => {
  await using lab = await throwaway();
  const snapshot = await otherNetwork(lab);
  const drawn = figure(snapshot);
  assertEquals(drawn.isLab, false);
  const lines = figureLines(snapshot);
  for (const line of lines) assert(columns(line) <= 80, line);
  assertGolden(lines.join("\n") + "\n", "other/terminal.txt");
  assertGolden(toMermaid(drawn, ENGLISH), "other/mermaid.mmd");
  assertGolden(toDot(drawn, ENGLISH), "other/graphviz.dot");
});

Deno.test("draw: leaves the lab's places where something stands elsewhere", async () => {
  const moves = [
    "ip link add name docker0 type bridge",
    "ip netns add ns3",
    "ip link set dev rt-veth netns ns1",
    "ip link set dev br-veth1 nomaster && ip link set dev rt-veth master br0",
  ];
  await Promise.all(moves.map(async (move) => {
    await using lab = await throwaway();
    await lab.task("stage:attach --quiet");
    assertEquals(figure(await lab.snapshot()).isLab, true);
    const { stderr } = await lab.exec(["sh", "-c", move]);
    assertEquals(stderr, "", move);
    assertEquals(figure(await lab.snapshot()).isLab, false, move);
  }));
});

Deno.test("draw: says that no hardware is known for another network", async () => {
  await using lab = await throwaway();
  await otherNetwork(lab);
  const { stdout } = await lab.task("snapshot");
  await lab.exec(["tee", "/run/seen.json"], stdout);
  const { code, stderr } = await lab.type(
    "draw --from /run/seen.json --physical",
  );
  assertEquals(code, 3);
  assertStringIncludes(stderr, "it is not the lab's");
});
