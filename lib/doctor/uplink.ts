/** The router's own way to the internet. */

import { shell } from "../cli/shell.ts";
import { covers, freeAddress, network } from "../net/ipv4.ts";
import type { Known } from "./hooks.ts";
import { type Iface, inside, type Space } from "../net/namespace.ts";
import type { Tour } from "./tour.ts";
import { type End, same, wireOf } from "./wire.ts";

/** The router refuses: it has no route for the packet. Says why. */
export function noWayOut(tour: Tour, arrival: End, { dst }: Known): void {
  const { space } = arrival;
  const card = likelyUplink(tour, arrival);
  const gateway = card && likelyGateway(space, card);
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
export function likelyUplink(tour: Tour, arrival: End): Iface | undefined {
  const { space } = arrival;
  const wire = wireOf(tour.world, arrival);
  const cards = space.ifaces.filter((iface) =>
    iface.name !== "lo" && !iface.bridge && !iface.master &&
    !wire.ends.some((end) => same(end, { space, iface })) &&
    !["sit", "ipip", "gre", "dummy", "tun"].includes(iface.kind)
  );
  return cards.find(({ addresses }) => addresses.length > 0) ??
    cards.find(({ name }) => /^(eth|en|wl)/.test(name));
}

/** The address that a next router most likely has: the first of the network. */
export function likelyGateway(space: Space, card: Iface): string | undefined {
  const [held] = card.addresses;
  if (!held) return undefined;
  const net = network(`${held.local}/${held.length}`);
  const known = space.neighbours.find(({ address, dev, mac }) =>
    dev === card.name && mac && covers(net, address)
  );
  return known?.address ??
    freeAddress(net, card.addresses.map(({ local }) => local));
}
