/** Which end of which cable belongs to which container, read and not changed. */

import { addressTexts, mainRoutes } from "../net/namespace.ts";
import { namespace, peer, type Snapshot } from "../net/snapshot.ts";
import type { Container } from "./containers.ts";

/** One network card of a container. */
export interface Card {
  /** Its name inside, such as `eth0`. */
  name: string;
  /** Its IPv4 address, such as `172.17.0.2/16`. */
  address?: string;
  /** The other end of its cable, on the host … */
  port?: string;
  /** … and the bridge that this is plugged into. */
  bridge?: string;
}

/** A container with its network, as the kernel has it. */
export interface Inspected extends Container {
  /** Its cards, but lo. */
  cards: Card[];
  /** Its default gateway. */
  gateway?: string;
}

/**
 * Finds each container's cards in a snapshot in which its namespace has its
 * name. One in mode `host` has none of its own.
 */
export function inspect(
  containers: readonly Container[],
  snapshot: Snapshot,
): Inspected[] {
  return containers.map((container) => {
    const inside = namespace(snapshot, container.name);
    if (container.mode === "host" || !inside) {
      return { ...container, cards: [] };
    }
    const cards = inside.links.filter(({ kind }) => kind !== "").map((link) => {
      const other = peer(snapshot, link, inside)?.link;
      return {
        name: link.name,
        address: addressTexts(link)[0],
        port: other?.name,
        bridge: other?.master,
      };
    });
    const gateway = mainRoutes(inside).find(({ to }) => to === "default")?.via;
    return { ...container, cards, gateway };
  });
}
