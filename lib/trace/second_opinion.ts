/** The doctor's word on a trace: of the same question and cause, or none. */

import type { Finding } from "../doctor/diagnosis.ts";
import type { CauseKind } from "./cause_kinds.ts";

/** The layers at which the doctor would look for what a trace has found. */
const LAYERS: Record<CauseKind, readonly Finding["layer"][]> = {
  "no-route": ["environment", "link", "address", "route"],
  "forwarding-off": ["forwarding"],
  "dropped-by-rule": ["firewall"],
  "dropped-by-policy": ["firewall"],
  "no-nat": ["nat"],
  "no-way-back": ["link", "address", "route", "nat"],
  "arp-unanswered": ["link", "address", "route", "internet"],
  "link-down": ["link", "address", "route"],
  "not-attached": ["link", "address"],
  "wrong-mac": ["link", "address"],
  "port-blocked": ["link"],
  "reverse-path": ["route", "forwarding"],
  "ttl-exceeded": ["forwarding"],
  "left-our-view": ["nat", "internet"],
  "ignored": ["firewall", "internet"],
  "unknown": ["link", "address", "route", "forwarding", "firewall", "nat"],
};

/** Whether the doctor speaks of what the trace has shown. */
export function agrees(
  { layer, breaks, sure }: Finding,
  kind: CauseKind,
): boolean {
  return sure && breaks.length > 0 && LAYERS[kind].includes(layer);
}
