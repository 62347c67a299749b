/** The router's own way to the internet. */

import { shell } from "../cli/shell.ts";
import { covers, freeAddress, network } from "../net/ipv4.ts";
import type { Known } from "./hooks.ts";
import { inside, type Link, type Namespace } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { type End, same, segmentOf } from "./segment.ts";

/** The router refuses: it has no route for the packet. Says why. */
export function noWayOut(tour: Path, arrival: End, { dst }: Known): void {
  const { space } = arrival;
  const card = guessUplink(tour, arrival);
  const gateway = card && guessGateway(space, card);
  const route = gateway
    ? [
      inside(
        space,
        shell`ip route add default via ${gateway} dev ${card.name}`,
      ),
    ]
    : [];
  if (card && !card.up) {
    tour.add("uplink-down", {
      params: { who: space.label, dev: card.name },
      look: { command: inside(space, shell`ip link show dev ${card.name}`) },
      fix: [inside(space, shell`ip link set dev ${card.name} up`), ...route],
    });
    return;
  }
  if (card && card.addresses.length === 0) {
    tour.add("address-missing", {
      params: { who: space.label, dev: card.name },
      look: {
        command: inside(space, shell`ip -4 -brief addr show dev ${card.name}`),
      },
    });
    return;
  }
  tour.add("machine-no-default-route", {
    params: { who: space.label },
    look: { command: inside(space, shell`ip route get ${dst}`) },
    fix: route,
  });
}

/** The interface that is most likely meant to lead out. */
export function guessUplink(tour: Path, arrival: End): Link | undefined {
  const { space } = arrival;
  const wire = segmentOf(tour.world, arrival);
  const cards = space.ifaces.filter((iface) =>
    iface.name !== "lo" && !iface.bridge && !iface.master &&
    !wire.ends.some((end) => same(end, { space, iface })) &&
    !["sit", "ipip", "gre", "dummy", "tun"].includes(iface.kind)
  );
  return cards.find(({ addresses }) => addresses.length > 0) ??
    cards.find(({ name }) => /^(eth|en|wl)/.test(name));
}

/** The address that a next router most likely has: the first of the network. */
export function guessGateway(space: Namespace, card: Link): string | undefined {
  const [held] = card.addresses;
  if (!held) return undefined;
  const net = network(`${held.local}/${held.length}`);
  const known = space.neighbours.find(({ address, dev, mac }) =>
    dev === card.name && mac && covers(net, address)
  );
  return known?.address ??
    freeAddress(net, card.addresses.map(({ local }) => local));
}
