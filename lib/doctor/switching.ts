/** What may happen to a frame between two ends that are both plugged in. */

import { shell } from "../cli/shell.ts";
import { vlans } from "./vlans.ts";
import { arpOff } from "./link_faults.ts";
import { inside, type Link, linkOf } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import {
  type Attachment,
  type End,
  otherEnd,
  same,
  type Segment,
} from "../net/segment.ts";

/** Checks a frame's way from one end of a segment to another. */
export async function frameChecks(
  path: Path,
  segment: Segment,
  from: End,
  to: Attachment,
  next: string,
): Promise<void> {
  const port = otherEnd(path.network, from)?.link;
  for (const end of [from, otherEnd(path.network, from), to]) {
    slowQueue(path, end);
  }
  if (to.port && segment.bridge) {
    slowQueue(path, { namespace: segment.bridge.namespace, link: to.port });
  }
  if (to.link.noArp) arpOff(path, to);
  await arpIgnored(path, to);
  neighbourEntry(path, segment, from, to, next);
  if (!segment.bridge) return mtus(path, [from, to]);
  const { namespace, link: bridge } = segment.bridge;
  const at = (link: Link | undefined): End[] =>
    link ? [{ namespace, link }] : [];
  mtus(path, [
    from,
    ...at(port),
    ...at(to.port),
    ...to.link.bridge ? [] : [to],
  ]);
  sameMac(path, segment, from);
  if (port?.port?.isolated && to.port?.port?.isolated) {
    const [dev, other] = [port.name, to.port.name].toSorted();
    path.add("port-isolated", {
      params: { dev, other },
      look: {
        command: inside(namespace, shell`bridge -d link show dev ${dev}`),
        line: "isolated on",
      },
      fix: [inside(namespace, shell`bridge link set dev ${dev} isolated off`)],
    });
  }
  for (const { name, port: flags } of [to.port, port].filter((p) => !!p)) {
    for (const what of ["bcast_flood", "flood"] as const) {
      if (flags?.[what] !== false) continue;
      path.add("flooding-off", {
        params: { dev: name, what },
        look: {
          command: inside(namespace, shell`bridge -d link show dev ${name}`),
        },
        fix: [inside(namespace, shell`bridge link set dev ${name} ${what} on`)],
        // What the bridge has learned needs no flooding.
        breaks: what === "bcast_flood" || flags.learning === false,
      });
    }
  }
  if (bridge.bridge?.vlans) await vlans(path, segment.bridge, port, to.port);
  await forwardingTable(path, segment, from, to, port);
}

/** Remembers a queue that may throw packets away, see tc(8). */
function slowQueue(path: Path, end: End | undefined): void {
  if (!end || !["tbf", "netem", "plug", "htb"].includes(end.link.queue)) {
    return;
  }
  const { notes: { queues }, question } = path;
  queues.push({ namespace: end.namespace, dev: end.link.name, question });
}

async function arpIgnored(path: Path, { namespace, link }: End): Promise<void> {
  const sysctls = await path.network.sysctls(namespace);
  for (const name of ["all", link.name.replaceAll(".", "/")]) {
    const key = `net.ipv4.conf.${name}.arp_ignore`;
    const value = sysctls[key];
    if (Number(value) < 3 || value === undefined) continue;
    path.add("arp-ignored", {
      params: { who: namespace.label, value },
      look: { command: inside(namespace, shell`sysctl ${key}`) },
      fix: [inside(namespace, shell`sysctl -w ${key}=0`)],
    });
  }
}

/** A neighbour entry that names none of the cards that would answer. */
function neighbourEntry(
  path: Path,
  segment: Segment,
  from: End,
  to: Attachment,
  next: string,
): void {
  const entry = from.namespace.neighbours.find(({ address, dev }) =>
    address === next && dev === from.link.name
  );
  if (!entry?.mac || entry.states.some((s) => /FAILED|INCOMPLETE/.test(s))) {
    return;
  }
  const macs = segment.ends
    .filter(({ namespace, link }) =>
      namespace === to.namespace ||
      link.addresses.some(({ local }) => local === next)
    )
    .map(({ link }) => link.mac);
  const port = otherEnd(path.network, from)?.link;
  if (segment.bridge?.namespace === to.namespace && port) macs.push(port.mac);
  if (macs.includes(entry.mac)) return;
  path.add("neighbour-wrong", {
    params: { who: from.namespace.label, address: next, mac: entry.mac },
    look: { command: inside(from.namespace, shell`ip neigh show ${next}`) },
    fix: [
      inside(from.namespace, shell`ip neigh del ${next} dev ${from.link.name}`),
    ],
  });
}

/** One of the cables takes smaller packets than the others. */
function mtus(path: Path, ends: End[]): void {
  const sizes = ends.map(({ link }) => link.mtu);
  const count = (size: number) => sizes.filter((each) => each === size).length;
  const [usual] = [...new Set(sizes)].sort((a, b) =>
    count(b) - count(a) || b - a
  );
  for (const { namespace, link } of ends) {
    if (link.mtu === usual) continue;
    path.add("mtu-mismatch", {
      params: { dev: link.name, mtu: `${link.mtu}`, other: `${usual}` },
      look: {
        command: inside(namespace, shell`ip link show dev ${link.name}`),
      },
      fix: [
        inside(namespace, shell`ip link set dev ${link.name} mtu ${usual}`),
      ],
      breaks: path.walked.isLost && path.question.means?.kind === "large",
    });
  }
}

function sameMac(path: Path, segment: Segment, from: End): void {
  const twin = segment.ends.find((end) =>
    !same(end, from) && !end.link.bridge && end.link.mac === from.link.mac
  );
  if (!twin) return;
  const [first, second] = [from, twin].sort((a, b) =>
    a.namespace.label.localeCompare(b.namespace.label)
  );
  const address = second.link.addresses[0]?.local ?? "0.0.0.0/0";
  const mac = `02${second.link.mac.slice(2, -2)}${
    (second.link.index % 256).toString(16).padStart(2, "0")
  }`;
  path.add("mac-duplicate", {
    params: {
      who: first.namespace.label,
      other: second.namespace.label,
      mac: second.link.mac,
      dev: second.link.name,
    },
    look: {
      command: inside(
        second.namespace,
        shell`ip -brief link show dev ${second.link.name}`,
      ),
    },
    fix: [
      inside(
        second.namespace,
        shell`ip link set dev ${second.link.name} address ${mac}`,
      ),
      // The others still know it by the old one.
      ...[...new Set(segment.ends.map(({ namespace }) => namespace))]
        .filter((namespace) => namespace !== second.namespace).slice(0, 8)
        .map((namespace) =>
          inside(namespace, shell`ip neigh flush to ${address}`)
        ),
    ],
  });
}

/** What the bridge was told by hand of who is where. */
async function forwardingTable(
  path: Path,
  segment: Segment,
  from: End,
  to: Attachment,
  port: Link | undefined,
): Promise<void> {
  const { namespace, link: bridge } = segment.bridge!;
  const entries = await path.network.fdb(namespace, bridge.name);
  const right = [
    { mac: from.link.mac, name: port?.name ?? bridge.name },
    { mac: to.link.mac, name: to.port?.name ?? bridge.name },
  ];
  for (const { mac, name } of right) {
    const wrong = entries.find((entry) =>
      entry.mac === mac && entry.isStatic && entry.dev !== name &&
      // The bridge may have taken over the MAC address of a port; and a port
      // has one of its own.
      entry.mac !== bridge.mac && linkOf(namespace, entry.dev)?.mac !== mac
    );
    if (!wrong) continue;
    path.add("fdb-wrong", {
      params: { mac, wrong: wrong.dev, dev: name },
      look: {
        command: inside(namespace, shell`bridge fdb show dev ${wrong.dev}`),
        line: mac,
      },
      fix: [
        inside(namespace, shell`bridge fdb del ${mac} dev ${wrong.dev} master`),
      ],
    });
  }
}
