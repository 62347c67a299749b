/**
 * Why the packet died. Derived from where it was seen last, what the kernel
 * should have done with it there, and the state that kept it from doing so;
 * each with the command that shows it.
 */

import type { ArpExchange } from "./sighting.ts";
import type { Sighting } from "./sighting.ts";
import type { Evidence } from "./world.ts";

/** The kinds of death. */
export type CauseKind =
  /** The kernel has no route to the destination. */
  | "no-route"
  /** The machine does not pass on packets that are for somebody else. */
  | "forwarding-off"
  /** A rule of a firewall dropped or rejected it. */
  | "dropped-by-rule"
  /** The policy of a firewall's chain dropped it. */
  | "dropped-by-policy"
  /** Nobody rewrote a source that cannot be answered. */
  | "no-nat"
  /** The one who should answer has no route back. */
  | "no-way-back"
  /** Nobody said which MAC address the next station has. */
  | "arp-unanswered"
  /** An interface on the way is down. */
  | "link-down"
  /** A cable on the way is not plugged in. */
  | "not-attached"
  /** The frame was addressed to a station that is not there. */
  | "wrong-mac"
  /** The bridge's port does not forward, or not to that port. */
  | "port-blocked"
  /** It came in where its source does not live: the reverse path filter. */
  | "reverse-path"
  /** Too many routers. */
  | "ttl-exceeded"
  /** It has left what we can see. */
  | "left-our-view"
  /** The one who was asked does not answer. */
  | "ignored"
  /** None of these was found. */
  | "unknown";

/** Why a packet died. */
export interface Cause {
  /** What kind of death. */
  kind: CauseKind;
  /** What was lost. */
  leg: "request" | "reply";
  /** Where it was seen last; absent if it was never sent. */
  lastSeen?: Sighting;
  /** What should have come next. */
  expected: string;
  /** The cause, in a sentence or two. */
  sentence: string;
  /** Commands that show it. */
  evidence: Evidence[];
  /** The question by ARP that it waited for. */
  exchange?: ArpExchange;
}

/** What a finder of causes says: all but what the dispatcher knows itself. */
export type Finding = Omit<Cause, "leg" | "lastSeen" | "expected">;

/** What a finder returns: the finding, and what it expected to see. */
export type DropReason = Omit<Cause, "leg" | "lastSeen">;
