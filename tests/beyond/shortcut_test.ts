/** Chapter shortcut: the switch with an address. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { figureLines } from "../../lib/draw/terminal_figure.ts";
import { link } from "../../lib/net/snapshot.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";
import { labAt, traced } from "../trace/traced.ts";

Deno.test("shortcut: br0 itself is the gateway that ns1 talks to", async () => {
  await using lab = await throwaway();
  await lab.task("beyond:shortcut");
  const snapshot = await lab.snapshot();
  const ports = snapshot.machine.links.filter(({ master }) => master === "br0");
  assertEquals(ports.map(({ name }) => name), ["br-veth1", "br-veth2"]);
  const { stdout } = await lab.run(
    "ip -n ns1 -j neigh show to 192.168.0.100 dev ns-veth1",
  );
  assertEquals(JSON.parse(stdout)[0].lladdr, link(snapshot, "br0")?.mac);
});

/** The links where a traced packet and its answer were seen, in order. */
async function seen(lab: Throwaway): Promise<string[]> {
  return (await traced(lab)).events
    .flatMap((event) => event.kind === "seen" ? event.link : []);
}

Deno.test("shortcut: the way to 8.8.8.8 and back is shorter, by the cable that went", async () => {
  await using nat = await labAt("nat");
  await using lab = await throwaway();
  await lab.task("beyond:shortcut");
  const [long, short] = await Promise.all([seen(nat), seen(lab)]);
  const router = (link: string) => ["rt-veth", "br-veth3"].includes(link);
  assert(long.some(router), long.join());
  assert(!short.some(router), short.join());
  assert(short.length < long.length, `${short} / ${long}`);
});

Deno.test("shortcut: the figure has the address inside the switch, and the cable gone", async () => {
  await using lab = await throwaway();
  await lab.task("beyond:shortcut");
  const figure = figureLines(await lab.snapshot()).join("\n");
  assertMatch(figure, /│ {2}● br0 +192\.168\.0\.100\/24 +│/);
  assertMatch(figure, /· br-veth3/, "not there");
  assertMatch(figure, /· rt-veth/, "not there");
});

Deno.test("shortcut: without its flush, ns1 asks for the card that went", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat");
  // ns1 knows the old card, and no other.
  const { mac } = link(await lab.snapshot(), "rt-veth")!;
  await lab.run(
    `ip -n ns1 neigh replace 192.168.0.100 lladdr ${mac} dev ns-veth1`,
  );
  await lab.run("ip link del dev rt-veth");
  await lab.run("ip addr add 192.168.0.100/24 dev br0");
  const ping = "ip netns exec ns1 ping -c 1 -i 0.2 -w 1 8.8.8.8";
  assertEquals((await lab.run(ping)).code, 1);
  await lab.run("ip -n ns1 neigh del 192.168.0.100 dev ns-veth1");
  assertEquals((await lab.run(ping)).code, 0);
});
