/** Packets that rules are asked about, to find out what they do. */

import type { Packet } from "../net/firewall/packet.ts";
import type { Chain } from "../net/firewall/ruleset.ts";
import { linkOf, type Namespace } from "../net/namespace.ts";

/** Where a rule is in force. */
export interface Place {
  /** All chains there. */
  chains: readonly Chain[];
  /** The namespace. */
  namespace: Namespace;
  /** The interface that its default route leaves by. */
  uplink?: string;
}

/** A first packet from nobody in particular to somebody far away. */
export function probe(packet: Partial<Packet>): Packet {
  return {
    family: "ip",
    protocol: "icmp",
    src: "192.0.2.1",
    dst: "8.8.8.8",
    ttl: 64,
    mark: 0,
    ct: { state: "new", direction: "original", nat: [], mark: 0 },
    own: [],
    ...packet,
  };
}

/** The first address of an interface. */
export function address(
  namespace: Namespace,
  name?: string,
): string | undefined {
  return linkOf(namespace, name)?.addresses[0]?.local;
}
