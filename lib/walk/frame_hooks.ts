/** The hooks that a frame comes past: those for frames, and iptables if asked. */

import type { Packet } from "../net/firewall/packet.ts";
import { type Passage, passHook } from "../net/firewall/pass_hook.ts";
import type { Link, Namespace } from "../net/namespace.ts";
import type { Frame } from "./frame.ts";
import { passIp } from "./hooks.ts";
import {
  asArp,
  asSeen,
  behind,
  type Ended,
  ended,
  lostAt,
  type Place,
  type Traveller,
} from "./traveller.ts";

/** Holds a frame against the rules of a hook that are for frames. */
export async function pass(
  traveller: Traveller,
  { arp }: Frame,
  namespace: Namespace,
  hook: string,
  families: readonly string[],
  place: Place,
): Promise<{ on: Traveller[]; over: Ended[] }> {
  const { chains } = await traveller.network.firewall(namespace);
  if (!chains.some((each) => families.includes(each.family))) {
    return { on: [traveller], over: [] };
  }
  const ct: Packet["ct"] = { state: undefined, direction: "original", nat: [] };
  const packet = arp
    ? asArp(traveller, namespace, place, ct, arp)
    : asSeen(traveller, namespace, place, ct);
  return part(
    passHook(chains, families, hook, packet),
    traveller,
    namespace,
    hook,
    place,
    arp !== undefined,
  );
}

function part(
  passages: Passage[],
  traveller: Traveller,
  namespace: Namespace,
  hook: string,
  place: Place,
  isArp: boolean,
): { on: Traveller[]; over: Ended[] } {
  const on: Traveller[] = [];
  const over: Ended[] = [];
  for (const passage of passages) {
    const next = isArp
      ? {
        ...traveller,
        ifMatching: [...traveller.ifMatching, ...passage.ifMatching],
        ifNot: [...traveller.ifNot, ...passage.ifNot],
      }
      : behind(traveller, passage);
    if (passage.end === "passes") on.push(next);
    else {
      over.push(ended(next, lostAt(hook, passage, namespace, place)));
    }
  }
  return { on, over };
}

/** Where the kernel is told to, iptables is asked about what is switched. */
export async function callIptables(
  traveller: Traveller,
  { arp }: Frame,
  namespace: Namespace,
  hook: "prerouting" | "forward" | "postrouting",
  place: Place,
): Promise<{ on: Traveller[]; over: Ended[] }> {
  const sysctls = arp ? {} : await traveller.network.sysctls(namespace);
  if (sysctls["net.bridge.bridge-nf-call-iptables"] !== "1") {
    return { on: [traveller], over: [] };
  }
  return await passIp(traveller, namespace, hook, place);
}

/** Where a frame that comes in by an interface is, for rules to ask about. */
export function inBy({ name }: Link, { src, dst }: Frame): Place {
  return { iif: name, srcMac: src, dstMac: dst };
}
