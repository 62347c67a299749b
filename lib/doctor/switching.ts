/** What may happen to a frame between two ends that are both plugged in. */

import { shell } from "../cli/shell.ts";
import { parseToolJson } from "../cli/json.ts";
import { run } from "../cli/command.ts";
import { arpOff } from "./link_faults.ts";
import { inside, type Link, linkOf } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import {
  type Attachment,
  type End,
  otherEnd,
  same,
  type Segment,
} from "./segment.ts";

/** Checks a frame's way from one end of a wire to another. */
export async function frameChecks(
  tour: Path,
  wire: Segment,
  from: End,
  to: Attachment,
  next: string,
): Promise<void> {
  const port = otherEnd(tour.world, from)?.iface;
  for (const end of [from, otherEnd(tour.world, from), to]) {
    slowQueue(tour, end);
  }
  if (to.port && wire.bridge) {
    slowQueue(tour, { space: wire.bridge.space, iface: to.port });
  }
  if (to.iface.noArp) arpOff(tour, to);
  await arpIgnored(tour, to);
  neighbourEntry(tour, wire, from, to, next);
  if (!wire.bridge) return mtus(tour, [from, to]);
  const { space, iface: bridge } = wire.bridge;
  const at = (iface: Link | undefined): End[] =>
    iface ? [{ space, iface }] : [];
  mtus(tour, [
    from,
    ...at(port),
    ...at(to.port),
    ...to.iface.bridge ? [] : [to],
  ]);
  sameMac(tour, wire, from);
  if (port?.port?.isolated && to.port?.port?.isolated) {
    const [dev, other] = [port.name, to.port.name].toSorted();
    tour.add("port-isolated", {
      params: { dev, other },
      look: {
        command: inside(space, shell`bridge -d link show dev ${dev}`),
        line: "isolated on",
      },
      fix: [inside(space, shell`bridge link set dev ${dev} isolated off`)],
    });
  }
  for (const { name, port: flags } of [to.port, port].filter((p) => !!p)) {
    for (const what of ["bcast_flood", "flood"] as const) {
      if (flags?.[what] !== false) continue;
      tour.add("flooding-off", {
        params: { dev: name, what },
        look: {
          command: inside(space, shell`bridge -d link show dev ${name}`),
        },
        fix: [inside(space, shell`bridge link set dev ${name} ${what} on`)],
        // What the bridge has learned needs no flooding.
        breaks: what === "bcast_flood" || flags.learning === false,
      });
    }
  }
  if (bridge.bridge?.vlans) await vlans(tour, wire.bridge, port, to.port);
  await forwardingTable(tour, wire, from, to, port);
}

/** Remembers a queue that may throw packets away, see tc(8). */
function slowQueue(tour: Path, end: End | undefined): void {
  if (!end || !["tbf", "netem", "plug", "htb"].includes(end.iface.queue)) {
    return;
  }
  const { notes: { queues }, question } = tour;
  queues.push({ space: end.space, dev: end.iface.name, question });
}

async function arpIgnored(tour: Path, { space, iface }: End): Promise<void> {
  const switches = await tour.world.switches(space);
  for (const name of ["all", iface.name.replaceAll(".", "/")]) {
    const key = `net.ipv4.conf.${name}.arp_ignore`;
    const value = switches[key];
    if (Number(value) < 3 || value === undefined) continue;
    tour.add("arp-ignored", {
      params: { who: space.label, value },
      look: { command: inside(space, shell`sysctl ${key}`) },
      fix: [inside(space, shell`sysctl -w ${key}=0`)],
    });
  }
}

/** A neighbour entry that names none of the cards that would answer. */
function neighbourEntry(
  tour: Path,
  wire: Segment,
  from: End,
  to: Attachment,
  next: string,
): void {
  const entry = from.space.neighbours.find(({ address, dev }) =>
    address === next && dev === from.iface.name
  );
  if (!entry?.mac || entry.states.some((s) => /FAILED|INCOMPLETE/.test(s))) {
    return;
  }
  const macs = wire.ends
    .filter(({ space, iface }) =>
      space === to.space ||
      iface.addresses.some(({ local }) => local === next)
    )
    .map(({ iface }) => iface.mac);
  const port = otherEnd(tour.world, from)?.iface;
  if (wire.bridge?.space === to.space && port) macs.push(port.mac);
  if (macs.includes(entry.mac)) return;
  tour.add("neighbour-wrong", {
    params: { who: from.space.label, address: next, mac: entry.mac },
    look: { command: inside(from.space, shell`ip neigh show ${next}`) },
    fix: [
      inside(from.space, shell`ip neigh del ${next} dev ${from.iface.name}`),
    ],
  });
}

/** One of the cables takes smaller packets than the others. */
function mtus(tour: Path, ends: End[]): void {
  const sizes = ends.map(({ iface }) => iface.mtu);
  const count = (size: number) => sizes.filter((each) => each === size).length;
  const [usual] = [...new Set(sizes)].sort((a, b) =>
    count(b) - count(a) || b - a
  );
  for (const { space, iface } of ends) {
    if (iface.mtu === usual) continue;
    tour.add("mtu-mismatch", {
      params: { dev: iface.name, mtu: `${iface.mtu}`, other: `${usual}` },
      look: { command: inside(space, shell`ip link show dev ${iface.name}`) },
      fix: [inside(space, shell`ip link set dev ${iface.name} mtu ${usual}`)],
      breaks: false,
    });
  }
}

function sameMac(tour: Path, wire: Segment, from: End): void {
  const twin = wire.ends.find((end) =>
    !same(end, from) && !end.iface.bridge && end.iface.mac === from.iface.mac
  );
  if (!twin) return;
  const [first, second] = [from, twin].sort((a, b) =>
    a.space.label.localeCompare(b.space.label)
  );
  const address = second.iface.addresses[0]?.local ?? "0.0.0.0/0";
  const mac = `02${second.iface.mac.slice(2, -2)}${
    (second.iface.index % 256).toString(16).padStart(2, "0")
  }`;
  tour.add("mac-duplicate", {
    params: {
      who: first.space.label,
      other: second.space.label,
      mac: second.iface.mac,
      dev: second.iface.name,
    },
    look: {
      command: inside(
        second.space,
        shell`ip -brief link show dev ${second.iface.name}`,
      ),
    },
    fix: [
      inside(
        second.space,
        shell`ip link set dev ${second.iface.name} address ${mac}`,
      ),
      // The others still know it by the old one.
      ...[...new Set(wire.ends.map(({ space }) => space))]
        .filter((space) => space !== second.space).slice(0, 8)
        .map((space) => inside(space, shell`ip neigh flush to ${address}`)),
    ],
  });
}

/** A bridge that keeps its ports apart by VLAN. */
async function vlans(
  tour: Path,
  { space, iface: bridge }: End,
  port: Link | undefined,
  out: Link | undefined,
): Promise<void> {
  const { code, stdout } = await run([
    ...space.enter,
    ..."bridge -j vlan show".split(" "),
  ]);
  if (code !== 0) return;
  const table: {
    ifname: string;
    vlans: { vlan: number; vlanEnd?: number; flags?: string[] }[];
  }[] = parseToolJson(stdout, "bridge");
  const of = (name: string) =>
    table.find(({ ifname }) => ifname === name)?.vlans ?? [];
  const own = (name: string) =>
    of(name).find(({ flags }) => flags?.includes("PVID"))?.vlan;
  const [a, b] = [port?.name ?? bridge.name, out?.name ?? bridge.name];
  if (own(a) !== undefined && own(a) === own(b)) return;
  const [odd, vlan] = own(a) === undefined
    ? [a, own(b) ?? 1]
    : own(b) === undefined
    ? [b, own(a)!]
    : own(a) === 1
    ? [b, 1]
    : [a, own(b)!];
  const self = odd === bridge.name ? "self" : "";
  tour.add("vlan-mismatch", {
    params: {
      dev: odd,
      other: odd === a ? b : a,
      bridge: bridge.name,
      vlan: `${vlan}`,
    },
    look: {
      command: inside(space, shell`bridge vlan show dev ${odd}`),
      line: odd,
    },
    fix: [
      inside(
        space,
        shell`bridge vlan add dev ${odd} vid ${vlan} pvid untagged ${self}`,
      ),
    ],
  });
}

/** What the bridge was told by hand of who is where. */
async function forwardingTable(
  tour: Path,
  wire: Segment,
  from: End,
  to: Attachment,
  port: Link | undefined,
): Promise<void> {
  const { space, iface: bridge } = wire.bridge!;
  const entries = await tour.world.frames(space, bridge.name);
  const right = [
    { mac: from.iface.mac, name: port?.name ?? bridge.name },
    { mac: to.iface.mac, name: to.port?.name ?? bridge.name },
  ];
  for (const { mac, name } of right) {
    const wrong = entries.find((entry) =>
      entry.mac === mac && entry.isStatic && entry.dev !== name &&
      // The bridge may have taken over the MAC address of a port; and a port
      // has one of its own.
      entry.mac !== bridge.mac && linkOf(space, entry.dev)?.mac !== mac
    );
    if (!wrong) continue;
    tour.add("fdb-wrong", {
      params: { mac, wrong: wrong.dev, dev: name },
      look: {
        command: inside(space, shell`bridge fdb show dev ${wrong.dev}`),
        line: mac,
      },
      fix: [
        inside(space, shell`bridge fdb del ${mac} dev ${wrong.dev} master`),
      ],
    });
  }
}
