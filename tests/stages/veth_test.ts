/** Stage 3: three veth pairs. */

import { assertEquals } from "@std/assert";
import { veth } from "../../scripts/veth.ts";
import { provesStage } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

provesStage(veth, "unreachable", "unreachable");

Deno.test("veth: six ends lie on the PC's desk, and one end takes the other with it", async () => {
  await using lab = await throwaway();
  await lab.task("stage:veth --quiet");
  const ends = async () =>
    (await lab.run("ip -brief link show type veth")).stdout
      .match(/^[^\s@]+/gm)?.filter((name) => name !== "eth0").sort();
  assertEquals(await ends(), [
    "br-veth1",
    "br-veth2",
    "br-veth3",
    "ns-veth1",
    "ns-veth2",
    "rt-veth",
  ]);
  await lab.run("ip link del dev br-veth3");
  assertEquals((await ends())?.includes("rt-veth"), false);
});
