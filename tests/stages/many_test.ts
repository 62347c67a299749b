/** Facts are held against few namespaces of many: those that they are about. */

import { assertEquals, assertMatch } from "@std/assert";
import { misled, withTools } from "../here/tools.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";

Deno.test("status: asks nothing of a namespace that no stage speaks of", async () => {
  await using lab = await throwaway();
  await lab.task("stage:bridge --quiet");
  // Nobody can enter it: whoever reads it has to say so.
  await prepare(
    lab,
    ": >/run/netns/shut; mount --bind /proc/self/ns/uts /run/netns/shut",
  );
  assertEquals(await inPlace(lab), ["netns", "bridge"]);
});

Deno.test("status: finds a cable's other end, whichever namespace it went to", async () => {
  await using lab = await throwaway();
  await lab.task("stage:attach --quiet");
  // Of one pair the end on the PC, of the other the end in the computer.
  await prepare(
    lab,
    `ip netns add far
     ip link set dev br-veth1 netns far
     ip -n ns2 link set dev ns-veth2 netns far`,
  );
  assertEquals(await inPlace(lab), ["netns", "bridge", "veth"]);
});

Deno.test("status: says that it cannot tell where a cable leads into what cannot be read", async () => {
  await using lab = await withTools();
  await prepare(
    lab,
    `ip netns add far
     ip link add name ns-veth1 netns far type veth peer name br-veth1`,
  );
  const { code, stderr } = await misled(lab, "scripts/tasks/status.ts", [
    "fails 1 ip -n far *",
  ]);
  assertEquals(code, 3, stderr);
  assertMatch(stderr, /^Cannot read namespace far: out of order\.$/m);
});

async function prepare(lab: Throwaway, commands: string) {
  const { code, stderr } = await lab.exec(["sh", "-e", "-s"], commands);
  assertEquals([code, stderr], [0, ""]);
}

/** The stages that status says are in place. */
async function inPlace(lab: Throwaway): Promise<string[]> {
  const { stdout, stderr } = await lab.task("status --json");
  assertEquals(stderr, "");
  const { stages }: { stages: { name: string; inPlace: boolean }[] } = JSON
    .parse(stdout);
  return stages.filter(({ inPlace }) => inPlace).map(({ name }) => name);
}
