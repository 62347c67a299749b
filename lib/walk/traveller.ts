/** A packet on its way: what it carries along from step to step. */

import type { Endpoints, Packet, Protocol } from "../net/firewall/packet.ts";
import type { Passage } from "../net/firewall/pass_hook.ts";
import type { Rule } from "../net/firewall/ruleset.ts";
import type { Network } from "../net/network.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Leg, Outcome, Step } from "./flow.ts";

/** A connection as one namespace tracks it. */
export interface Tracked {
  /** As the first packet came. */
  original: Endpoints;
  /** How answers will come: after all NAT. */
  reply: Endpoints;
  /** Which addresses are rewritten. */
  nat: readonly ("snat" | "dnat")[];
  /** The connection's mark. */
  mark?: number;
  /** Its rules of NAT have been asked already, and are not asked again. */
  isSettled: boolean;
  /** An answer was seen. */
  isAnswered: boolean;
}

/** A packet, all that was seen of it so far, and what it left behind. */
export interface Traveller {
  /** The network that it is in. */
  network: Network;
  /** What it is. */
  protocol: Protocol;
  /** The message, of ICMP. */
  icmp?: { type: number; code: number };
  /** The flags, of TCP. */
  flags?: readonly string[];
  /** Its addresses and ports as they are now. */
  tuple: Endpoints;
  /** In bytes, IP header included. */
  length: number;
  /** Routers may not split it. */
  dontFragment: boolean;
  /** How many routers it may still pass. */
  ttl: number;
  /** What a firewall wrote on it; undefined: not known. */
  mark?: number;
  /** An answer. */
  isReply: boolean;
  /** A complaint by ICMP about a packet of the connection. */
  isError?: boolean;
  /** So far. */
  steps: readonly Step[];
  /** What each namespace tracks of its connection. */
  tracked: ReadonlyMap<Namespace, Tracked>;
  /** The namespace to whose connection it is an answer. */
  answersIn?: Namespace;
  /** The namespace that knows its connection, and does not take it for a part. */
  foreignIn?: Namespace;
  /** The namespace whose rules keep this packet out of tracking. */
  untrackedIn?: Namespace;
  /** Where bridges have seen MAC addresses since: by bridge, then by address. */
  learned: ReadonlyMap<string, string>;
  /** Whom stations have heard of by ARP since: by interface and address. */
  heard: ReadonlyMap<string, string>;
  /** See {@linkcode Leg}. */
  ifMatching: readonly Rule[];
  /** See there. */
  ifNot: readonly Rule[];
}

/** What a namespace's rules may ask about where the packet is. */
export type Place = Partial<
  Pick<Packet, "iif" | "oif" | "portIn" | "portOut" | "srcMac" | "dstMac">
>;

/** The traveller as a firewall sees it. */
export function asSeen(
  traveller: Traveller,
  namespace: Namespace,
  place: Place,
  ct: Packet["ct"],
): Packet {
  const { protocol, icmp, flags, tuple, length, ttl, mark } = traveller;
  return {
    family: "ip",
    ...{ protocol, icmp, flags, length, ttl, mark, ct },
    ...tuple,
    own: ownAddresses(namespace),
    ...place,
  };
}

/** All that a namespace takes for itself. */
function ownAddresses({ links }: Namespace): string[] {
  return [
    ...links.flatMap(({ addresses }) => addresses.map(({ local }) => local)),
    "127.0.0.1",
  ];
}

/** A question of ARP, or its answer, as a firewall sees it. */
export function asArp(
  traveller: Traveller,
  namespace: Namespace,
  place: Place,
  ct: Packet["ct"],
  arp: { src: string; dst: string },
): Packet {
  return {
    ...asSeen(traveller, namespace, place, ct),
    ...{ family: "arp", protocol: undefined, icmp: undefined },
    ...arp,
  };
}

/** How a way ends at a hook that does not let it pass. */
export function lostAt(
  hook: string,
  { end, by, with: told, packet }: Passage,
  namespace: Namespace,
  { iif, oif }: Place,
): Outcome {
  if (end === "stolen") {
    return { end: "unknown", namespace, because: "program" };
  }
  return {
    end: "dropped",
    reason: "rule",
    namespace,
    link: hook === "postrouting" ? oif : iif ?? oif,
    by: { hook, ...by!, packet },
    told,
  };
}

/** The traveller behind a hook. */
export function behind(
  traveller: Traveller,
  { packet, ifMatching, ifNot }: Passage,
): Traveller {
  const { src, dst, sport, dport, ttl, mark } = packet;
  return {
    ...traveller,
    tuple: { src, dst, sport, dport },
    ...{ ttl, mark },
    ifMatching: [...traveller.ifMatching, ...ifMatching],
    ifNot: [...traveller.ifNot, ...ifNot],
  };
}

/** One step further. */
export function walked(traveller: Traveller, step: Step): Traveller {
  return { ...traveller, steps: [...traveller.steps, step] };
}

/** A way that ended, and the packet as it was then. */
export interface Ended extends Leg {
  /** The packet. */
  traveller: Traveller;
}

/** The end of its way. */
export function ended(traveller: Traveller, outcome: Outcome): Ended {
  const { steps, ifMatching, ifNot } = traveller;
  return { steps, outcome, ifMatching, ifNot, traveller };
}

/** Whether two travellers say the same of who speaks to whom. */
export function isSameTuple(a: Endpoints, b: Endpoints): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport &&
    a.dport === b.dport;
}

/** As answers to it are addressed. */
export function reversed({ src, dst, sport, dport }: Endpoints): Endpoints {
  return { src: dst, dst: src, sport: dport, dport: sport };
}
