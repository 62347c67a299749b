/** Why a packet died: its kind in a word, and the cause by the doctor's name. */

import type { Code } from "../doctor/causes.ts";
import type { DropReason, Outcome } from "../walk/flow.ts";
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
  /** An answer came from another address or port than was asked. */
  | "wrong-source"
  /** It may not be split, and an interface takes less. */
  | "too-large"
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
  /** The cause by the name that the doctor gives it, if it is known. */
  code?: Code;
  /** The cause, in a sentence or two. */
  sentence: string;
  /** Commands that show it. */
  evidence: Evidence[];
  /** Commands that mend it; none where the stage that comes next does. */
  fix: readonly string[];
  /** Why there is none, where one would do harm: a sentence without its point. */
  noFix?: string;
  /** What to look at instead. */
  look: readonly string[];
  /** The stage that builds what is missing. */
  stage?: string;
  /** The question by ARP that it waited for. */
  exchange?: ArpExchange;
}

/** The kinds of those causes that do not follow from where a packet got lost. */
const BY_CODE: Partial<Record<Code, CauseKind>> = {
  "bridge-missing": "not-attached",
  "bridge-port-missing": "not-attached",
  "bridge-port-elsewhere": "not-attached",
  "bridge-down": "link-down",
  "host-end-down": "link-down",
  "cable-unplugged": "link-down",
  "arp-off": "arp-unanswered",
  "masquerade-missing": "no-nat",
  "masquerade-mismatch": "no-nat",
  "masquerade-shadowed": "no-nat",
  "nat-too-early": "no-nat",
  "not-tracked": "no-nat",
  "snat-wrong": "no-nat",
};

const BY_REASON: Record<DropReason, CauseKind> = {
  "no-route": "no-route",
  "route-forbids": "no-route",
  "link-down": "link-down",
  "unplugged": "not-attached",
  "arp-off": "arp-unanswered",
  "neighbour-silent": "arp-unanswered",
  "wrong-mac": "wrong-mac",
  "port-blocked": "port-blocked",
  "port-isolated": "port-blocked",
  "rule": "dropped-by-rule",
  "forwarding-off": "forwarding-off",
  "reverse-path": "reverse-path",
  "martian": "reverse-path",
  "ttl-exceeded": "ttl-exceeded",
  "too-big": "too-large",
  "echo-ignored": "ignored",
  "wrong-source": "wrong-source",
};

/** The kind of a death, by the cause that was found and by the walk's end. */
export function kindOf(
  leg: "request" | "reply",
  outcome: Outcome | undefined,
  code: Code | undefined,
): CauseKind {
  const byCode = code && BY_CODE[code];
  if (byCode) return byCode;
  if (outcome?.end === "left") return "left-our-view";
  if (outcome?.end !== "dropped") return "unknown";
  if (outcome.reason === "rule") {
    return outcome.by?.rule ? "dropped-by-rule" : "dropped-by-policy";
  }
  const kind = BY_REASON[outcome.reason];
  const isDown = code === "link-down" || code === "uplink-down";
  if (isDown && kind !== "no-route") return "link-down";
  return leg === "reply" && kind === "no-route" ? "no-way-back" : kind;
}
