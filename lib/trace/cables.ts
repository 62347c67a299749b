/** What is at an interface where a packet was seen, and at the other end of its cable. */

import type { Link } from "../net/namespace.ts";
import { type End, otherEnd as otherEndOf } from "../net/segment.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import { stateOf, type World } from "./world.ts";
import { t } from "../cli/translate.ts";

/** The interface of a sighting, as its namespace described it before. */
export function linkOf(
  world: World,
  at: { namespace: NamespaceHandle; link: string },
): Link | undefined {
  return stateOf(world, at.namespace).links.find(({ name }) =>
    name === at.link
  );
}

/** The same, with the other end of its cable, if that is in view. */
export function farEnd(
  world: World,
  at: { namespace: NamespaceHandle; link: string },
): End | undefined {
  const link = linkOf(world, at);
  const namespace = stateOf(world, at.namespace);
  return link && otherEndOf(world.network, { namespace, link });
}

/** The interface that has an address, wherever it is. */
export function ownerOf(
  { network }: World,
  address: string,
): End | undefined {
  return find(
    network.namespaces,
    ({ addresses }) => addresses.some(({ local }) => local === address),
  );
}

/** The interface that has a MAC address, if it is one that we know. */
export function endOfMac({ network }: World, mac: string): End | undefined {
  return find(network.namespaces, (link) => link.mac === mac);
}

function find(
  namespaces: World["network"]["namespaces"],
  fits: (link: Link) => boolean,
): End | undefined {
  for (const namespace of namespaces) {
    const link = namespace.links.find(fits);
    if (link) return { namespace, link };
  }
}

/** What people call the namespace of an end. */
export function whose({ namespace: { enter, label } }: End): string {
  return called(enter.length ? label : "");
}

/** An interface and where it is. */
export function name(end: End): string {
  return t`${end.link.name} in ${whose(end)}`;
}
