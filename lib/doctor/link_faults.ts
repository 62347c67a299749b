/** What may be wrong with an interface itself. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import {
  holder,
  inside,
  type Link,
  linkOf,
  type Namespace,
} from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { type End, segmentOf } from "./segment.ts";

/** The card that a namespace lives by. */
export function mainLink(tour: Path, space: Namespace): Link | undefined {
  const cards = space.ifaces.filter(({ name, kind }) =>
    name !== "lo" && !["sit", "ipip", "gre", "ip6tnl"].includes(kind)
  );
  const byRoute = space.routes.find(({ to, table }) =>
    to === "default" && table === "main"
  )?.dev;
  return cards.find(({ name }) =>
    tour.lab?.addressOf(tour.nameOf(space), name)
  ) ?? cards.find(({ name }) => name === byRoute) ??
    cards.find(({ addresses }) => addresses.length > 0) ??
    cards.find(({ kind }) => kind === "veth") ?? cards[0];
}

/** An interface that is switched off, and what went with it. */
export function linkDown(tour: Path, end: End): void {
  const { space, iface } = end;
  tour.add("link-down", {
    params: { dev: iface.name, who: space.label },
    look: { command: inside(space, shell`ip link show dev ${iface.name}`) },
    fix: [
      inside(space, shell`ip link set dev ${iface.name} up`),
      ...iface.addresses.length ? tour.defaultRouteFix(end) : [],
    ],
  });
  if (iface.addresses.length === 0) addressMissing(tour, end);
}

/** An interface that has none of the address it is meant to have. */
export function addressMissing(tour: Path, end: End): void {
  const { space, iface } = end;
  const meant = tour.lab?.addressOf(tour.nameOf(space), iface.name) ??
    tour.freeAddressFor(end);
  const wrong = iface.addresses[0];
  const owner = segmentOf(tour.world, end).ends.find((other) =>
    wrong && other.space !== space && holder(other.space, wrong.local)
  );
  if (owner) return duplicate(tour, wrong.local, owner.space, space);
  tour.add("address-missing", {
    params: { dev: iface.name, who: space.label },
    look: {
      command: inside(space, shell`ip -brief addr show dev ${iface.name}`),
    },
    fix: meant
      ? [
        ...wrong && tour.lab
          ? [inside(
            space,
            shell`ip addr del ${wrong.local}/${wrong.length} dev ${iface.name}`,
          )]
          : [],
        inside(space, shell`ip addr add ${meant} dev ${iface.name}`),
        ...tour.defaultRouteFix(wrong ? withoutRoutes(end) : end),
      ]
      : [],
  });
}

/** The same end once its last address is deleted: its routes go with it. */
function withoutRoutes(end: End): End {
  return { ...end, space: { ...end.space, routes: [] } };
}

/** A namespace asks for an address of its own: that goes by way of lo. */
export function loopbackDown(tour: Path, space: Namespace): void {
  if (linkOf(space, "lo")?.up) return;
  tour.add("loopback-down", {
    params: { who: space.label },
    look: { command: inside(space, "ip link show dev lo") },
    fix: [inside(space, "ip link set dev lo up")],
  });
}

/** An interface that neither asks for MAC addresses nor answers, but should. */
export function arpOff(tour: Path, { space, iface }: End): void {
  if (!iface.asksArp) return;
  tour.add("arp-off", {
    params: { dev: iface.name, who: space.label },
    look: { command: inside(space, shell`ip link show dev ${iface.name}`) },
    fix: [inside(space, shell`ip link set dev ${iface.name} arp on`)],
  });
}

/** An interface with an address that a bridge takes all packets from. */
export function addressOnPort(tour: Path, end: End): void {
  const { space, iface: { name, addresses: [held], master } } = end;
  const bridge = linkOf(space, master);
  if (!held || !bridge?.bridge) return;
  tour.add("address-on-port", {
    params: {
      who: space.label,
      dev: name,
      bridge: bridge.name,
      address: held.local,
    },
    look: [
      { command: inside(space, shell`ip link show dev ${name}`) },
      { command: inside(space, shell`ip -4 -brief addr show dev ${name}`) },
    ],
    fix: [inside(space, shell`ip link set dev ${name} nomaster`)],
  });
}

/** One address in two places: takes it away where it is not meant to be. */
export function duplicate(
  tour: Path,
  address: string,
  right: Namespace,
  intruder: Namespace,
): void {
  const card = holder(intruder, address)!;
  const held = card.addresses.find(({ local }) => local === address)!;
  const meant = tour.lab?.addressOf(tour.nameOf(intruder), card.name);
  const keeps = card.addresses.some(({ local, length }) =>
    `${local}/${length}` === meant
  );
  const isLast = card.addresses.length === 1;
  tour.add("address-duplicate", {
    params: { address, who: right.label, other: intruder.label },
    look: [
      {
        command: inside(
          intruder,
          shell`ip -4 -brief addr show dev ${card.name}`,
        ),
        line: address,
      },
      {
        command: inside(right, "ip -4 -brief addr show"),
        line: address,
      },
    ],
    fix: [
      inside(
        intruder,
        shell`ip addr del ${address}/${held.length} dev ${card.name}`,
      ),
      ...meant && !keeps
        ? [
          inside(intruder, shell`ip addr add ${meant} dev ${card.name}`),
          ...isLast
            ? tour.defaultRouteFix({
              space: { ...intruder, routes: [] },
              iface: card,
            })
            : [],
        ]
        : [],
      // Whoever believed the wrong one goes on doing so for some time.
      ...believers(tour, { space: intruder, iface: card }, right)
        .map((space) => inside(space, shell`ip neigh flush to ${address}`)),
    ],
  });
}

/** The others on a wire, apart from two; of many the first few. */
function believers(tour: Path, end: End, right: Namespace): Namespace[] {
  const spaces = segmentOf(tour.world, end).ends.map(({ space }) => space);
  return [...new Set(spaces)]
    .filter((space) => space !== right && space !== end.space).slice(0, 8);
}

/** An address that is `who`'s is held by this namespace as well. */
export function duplicateHere(
  tour: Path,
  space: Namespace,
  to: string,
  who: string,
): void {
  const card = holder(space, to);
  const held = card?.addresses.find(({ local }) => local === to);
  if (!card || !held) return;
  tour.add("address-duplicate", {
    params: {
      address: to,
      who,
      other: space.label,
    },
    look: {
      command: inside(space, shell`ip -4 -brief addr show dev ${card.name}`),
      line: to,
    },
    fix: [
      inside(space, shell`ip addr del ${to}/${held.length} dev ${card.name}`),
    ],
  });
}

/** A prefix that differs from what the others on the wire have. */
export function prefixWrong(tour: Path, end: End, next?: string): boolean {
  const { space, iface } = end;
  const wire = segmentOf(tour.world, end);
  const [{ local, length }] = iface.addresses;
  const right = tour.lengthOn(wire, end, local);
  if (right === undefined || right === length) return false;
  if (iface.addresses.some((each) => each.length === right)) return false;
  const reaches = next !== undefined && covers(`${local}/${length}`, next);
  const routed = space.routes.some(({ to, via }) =>
    next && !via && to !== "default" && covers(to, next)
  );
  const wide = length < right;
  tour.add("prefix-wrong", {
    params: {
      who: space.label,
      address: `${local}/${length}`,
      length: `${right}`,
      dev: iface.name,
    },
    look: {
      command: inside(space, shell`ip -4 -brief addr show dev ${iface.name}`),
    },
    fix: [
      inside(space, shell`ip addr add ${local}/${right} dev ${iface.name}`),
      inside(space, shell`ip addr del ${local}/${length} dev ${iface.name}`),
      ...tour.defaultRouteFix(end),
    ],
    breaks: !wide && !reaches && !routed,
  });
  return true;
}
