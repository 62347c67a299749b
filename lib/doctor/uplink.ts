/** The router's own way to the internet. */

import { shell } from "../cli/shell.ts";
import { covers, freeAddress, network } from "../net/ipv4.ts";
import { inside, type Link, type Namespace } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { type End, same, segmentOf } from "../net/segment.ts";

/** The router refuses: it has no route for the packet. Says why. */
export function noWayOut(path: Path, arrival: End, dst: string): void {
  const { namespace } = arrival;
  const card = guessUplink(path, arrival);
  const gateway = card && guessGateway(namespace, card);
  const route = gateway
    ? [
      inside(
        namespace,
        shell`ip route add default via ${gateway} dev ${card.name}`,
      ),
    ]
    : [];
  if (card && !card.up) {
    path.add("uplink-down", {
      params: { who: namespace.label, dev: card.name },
      look: {
        command: inside(namespace, shell`ip link show dev ${card.name}`),
      },
      fix: [
        inside(namespace, shell`ip link set dev ${card.name} up`),
        ...route,
      ],
    });
    return;
  }
  if (card && card.addresses.length === 0) {
    path.add("address-missing", {
      params: { who: namespace.label, dev: card.name },
      look: {
        command: inside(
          namespace,
          shell`ip -4 -brief addr show dev ${card.name}`,
        ),
      },
    });
    return;
  }
  path.add("machine-no-default-route", {
    params: { who: namespace.label },
    look: { command: inside(namespace, shell`ip route get ${dst}`) },
    fix: route,
  });
}

/** The interface that is most likely meant to lead out. */
function guessUplink(path: Path, arrival: End): Link | undefined {
  const { namespace } = arrival;
  const segment = segmentOf(path.network, arrival);
  const cards = namespace.links.filter((link) =>
    link.name !== "lo" && !link.bridge && !link.master &&
    !segment.ends.some((end) => same(end, { namespace, link })) &&
    !["sit", "ipip", "gre", "dummy", "tun"].includes(link.kind)
  );
  return cards.find(({ addresses }) => addresses.length > 0) ??
    cards.find(({ name }) => /^(eth|en|wl)/.test(name));
}

/** The address that a next router most likely has: the first of the network. */
function guessGateway(
  namespace: Namespace,
  card: Link,
): string | undefined {
  const [held] = card.addresses;
  if (!held) return undefined;
  const net = network(`${held.local}/${held.length}`);
  const known = namespace.neighbours.find(({ address, dev, mac }) =>
    dev === card.name && mac && covers(net, address)
  );
  return known?.address ??
    freeAddress(net, card.addresses.map(({ local }) => local));
}
