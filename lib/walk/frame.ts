/** A frame on the wire, and what may become of it. */

import type { End } from "../net/segment.ts";
import type { DropReason, Outcome } from "./flow.ts";
import { type Ended, ended, type Traveller } from "./traveller.ts";

/** The address that every station takes. */
export const EVERYBODY = "ff:ff:ff:ff:ff:ff";

/** What is on the wire: an IPv4 packet, or a question of ARP or its answer. */
export interface Frame {
  /** The MAC address of whoever sent it. */
  src: string;
  /** Whom it is for. */
  dst: string;
  /** Of ARP: who asks, or answers, and about whom. */
  arp?: { src: string; dst: string };
}

/** Where a frame came to, for the namespace there to look at. */
export interface Arrival {
  /** The packet, as it is there. */
  traveller: Traveller;
  /** The interface. */
  at: End;
  /** The bridge's port that it came in by, if it is a bridge. */
  port?: string;
}

/** All that became of a frame. */
export interface Carried {
  /** Where it came to. */
  arrivals: Arrival[];
  /** Copies of it that went no further, the most telling ones first. */
  lost: Ended[];
}

/** A frame that is lost at an interface. */
export function dropped(reason: DropReason, { namespace, link }: End): Outcome {
  return { end: "dropped", reason, namespace, link: link.name };
}

/** Nothing came of it but this end. */
export function nothing(traveller: Traveller, outcome: Outcome): Carried {
  return { arrivals: [], lost: [ended(traveller, outcome)] };
}

/** Puts together what became of several copies. */
export function add(all: Carried, { arrivals, lost }: Carried): void {
  all.arrivals.push(...arrivals);
  all.lost.push(...lost);
}
