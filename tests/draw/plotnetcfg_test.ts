/** The figure's nodes and edges, held against those of plotnetcfg(8). */

import { assertEquals } from "@std/assert";
import { allInterfaces, type Figure } from "../../lib/draw/model.ts";
import { throwaway } from "../throwaway.ts";

const PLOTNETCFG = await find();

/** Where it is; "" where it is not installed. */
async function find(): Promise<string> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", "PATH=$PATH:/usr/sbin:/sbin command -v plotnetcfg"],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Numbers that are the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

/** Commands that make a network: bridges, cables between any two, tunnels. */
function commands(seed: number): string[] {
  const pick = random(seed);
  const rooms = Array.from({ length: 2 + pick(4) }, (_, i) => `room${i}`);
  const bridges = Array.from({ length: 1 + pick(3) }, (_, i) => `bridge${i}`);
  const made = [
    ...rooms.map((room) => `ip netns add ${room}`),
    ...bridges.map((bridge) => `ip link add ${bridge} type bridge`),
  ];
  const cables = 2 + pick(7);
  for (let i = 0; i < cables; i++) {
    const [a, b] = [`a${i}`, `b${i}`];
    const places = [pick(rooms.length + 1), pick(rooms.length + 1)];
    const [from, to] = places.map((at) => rooms[at]);
    made.push(
      `ip ${from ? `-n ${from} ` : ""}link add ${a} type veth peer name ${b}` +
        ` netns ${to ?? "$pc"}`,
    );
    if (!from && pick(2)) {
      made.push(`ip link set ${a} master ${bridges[pick(bridges.length)]}`);
    }
    if (!from && pick(2)) made.push(`ip link set ${a} up mtu 1400`);
  }
  if (pick(2)) {
    made.push("ip link add vx0 type vxlan id 7 dev eth0 dstport 4789");
  }
  return made;
}

/** What both tell: names of nodes, and edges as their two ends, sorted. */
interface Graph {
  nodes: string[];
  edges: string[];
}

function ours(drawn: Figure): Graph {
  const ifaces = allInterfaces(drawn);
  return graph(
    ifaces.map(({ id }) => id),
    [
      ...drawn.cables.map(({ ends }) => ends),
      ...ifaces.flatMap(({ id, bridge, parent }) => [
        ...bridge ? [[id, id.slice(0, id.indexOf("/") + 1) + bridge]] : [],
        ...parent ? [[id, parent]] : [],
      ]),
    ],
  );
}

/** What `plotnetcfg -f json` prints of an interface, as far as we use it. */
interface Told {
  id: string;
  peer?: { target: string };
  parent?: { target: string };
  children?: { target: string }[];
}

function theirs(text: string): Graph {
  const { namespaces } = JSON.parse(text);
  const all: Told[] = namespaces.flatMap(
    ({ interfaces }: { interfaces?: Told[] }) => interfaces ?? [],
  );
  return graph(
    all.map(({ id }) => id),
    all.flatMap(({ id, peer, parent, children = [] }) =>
      [peer, parent, ...children].flatMap((to) => to ? [[id, to.target]] : [])
    ),
  );
}

function graph(nodes: string[], edges: string[][]): Graph {
  const lines = edges.map((ends) => [...ends].sort().join(" - "));
  return { nodes: [...nodes].sort(), edges: [...new Set(lines)].sort() };
}

Deno.test({
  name: `draw: shows the nodes and edges that plotnetcfg shows${
    PLOTNETCFG ? "" : " (plotnetcfg is not installed)"
  }`,
  ignore: PLOTNETCFG === "",
  async fn() {
    const first = Number(Deno.env.get("DRAW_SEED") ?? 1);
    for (let seed = first; seed < first + 6; seed++) {
      await using lab = await throwaway();
      const script = ["pc=$$", ...commands(seed)].join("\n");
      const made = await lab.exec(["sh", "-e"], script);
      assertEquals([made.code, made.stderr], [0, ""], `DRAW_SEED=${seed}`);
      const told = await lab.exec([PLOTNETCFG, "-f", "json"]);
      assertEquals(told.code, 0, told.stderr);
      const drawn = await lab.script("tests/draw/print_figure.ts");
      assertEquals([drawn.code, drawn.stderr], [0, ""]);
      assertEquals(
        ours(JSON.parse(drawn.stdout)),
        theirs(told.stdout),
        `DRAW_SEED=${seed}\n${script}`,
      );
    }
  },
});
