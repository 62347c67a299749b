/** A packet in a namespace's IP layer: for itself, or for somebody else. */

import { isStrict, linkOf, type Namespace } from "../net/namespace.ts";
import type { RouteLookup } from "../net/network.ts";
import type { End } from "../net/segment.ts";
import type { DropReason, Outcome } from "./flow.ts";
import type { Arrival } from "./frame.ts";
import type { Undecided } from "./undecided.ts";
import { passIp } from "./hooks.ts";
import { transmit } from "./transmit.ts";
import { type Ended, ended, type Traveller, walked } from "./traveller.ts";

/** A packet that reached the namespace that it was for. */
export interface Delivered {
  /** The packet, as it is there. */
  traveller: Traveller;
  /** The interface that it came in by. */
  at: End;
}

/** Where packets were delivered, and the ways that ended elsewhere. */
export interface Sent {
  /** Those that were delivered. */
  arrivals: Delivered[];
  /** Those that were not. */
  over: Ended[];
}

/**
 * Out of an interface, and into whatever namespace is behind it.
 *
 * @param iif where it came in, if it was not made here.
 */
export async function onTheWire(
  traveller: Traveller,
  out: End,
  next: string,
  iif?: string,
): Promise<Sent> {
  const sent = await transmit(traveller, out, next, iif);
  const all: Sent = { arrivals: [], over: sent.over };
  for (const arrival of sent.arrivals) add(all, await receive(arrival));
  return all;
}

/** A namespace's IP layer: for itself, or for somebody else. */
export async function receive(
  { traveller, at, port }: Arrival,
  isOwn = false,
): Promise<Sent> {
  const { namespace, link } = at;
  const place = { iif: link.name };
  // A bridge that asked iptables on the way in has done that for good.
  const isAsked = port !== undefined &&
    await callsIptables(traveller, namespace);
  const before = isAsked
    ? { on: [traveller], over: [] }
    : await passIp(traveller, namespace, "prerouting", place);
  const all: Sent = { arrivals: [], over: before.over };
  for (const each of before.on) {
    const lookup = isOwn
      ? { ...await lookUp(each, namespace, {}), type: "local" }
      : await lookUp(each, namespace, {
        from: each.tuple.src,
        iif: link.name,
      });
    if (!lookup.dev) {
      add(all, over(each, await whyNotRouted(each, at, lookup)));
    } else if (lookup.type === "local") {
      const into = await passIp(each, namespace, "input", place);
      all.over.push(...into.over);
      for (const one of into.on) {
        all.arrivals.push({
          traveller: walked(one, { kind: "delivered", at }),
          at,
        });
      }
    } else if (lookup.type && lookup.type !== "unicast") {
      add(all, unknown(each, namespace, "route-type"));
    } else add(all, await forward(each, at, lookup));
  }
  return all;
}

/** A router passes a packet on. */
async function forward(
  traveller: Traveller,
  at: End,
  lookup: RouteLookup,
): Promise<Sent> {
  const { namespace, link } = at;
  const drop = (reason: DropReason, name = link.name) =>
    over(traveller, { end: "dropped", reason, namespace, link: name });
  if (traveller.ttl <= 1) return drop("ttl-exceeded");
  const out = linkOf(namespace, lookup.dev);
  if (!out) return unknown(traveller, namespace, "interface");
  if (traveller.length > out.mtu && traveller.dontFragment) {
    return over(traveller, {
      end: "dropped",
      reason: "too-big",
      namespace,
      link: out.name,
      told: "fragmentation-needed",
    });
  }
  const older = { ...traveller, ttl: traveller.ttl - 1 };
  const place = { iif: link.name, oif: out.name };
  const hooked = await passIp(older, namespace, "forward", place);
  const all: Sent = { arrivals: [], over: hooked.over };
  const end: End = { namespace, link: out };
  for (const each of hooked.on) {
    const next = lookup.via ?? each.tuple.dst;
    const step = walked(each, { kind: "forwarded", from: at, at: end, next });
    add(all, await onTheWire(step, end, next, link.name));
  }
  return all;
}

/** The kernel's route for a traveller. */
export async function lookUp(
  { network, tuple, mark }: Traveller,
  namespace: Namespace,
  packet: { from?: string; iif?: string },
): Promise<RouteLookup> {
  return await network.routeLookup(namespace, tuple.dst, { ...packet, mark });
}

async function callsIptables(
  { network }: Traveller,
  namespace: Namespace,
): Promise<boolean> {
  const sysctls = await network.sysctls(namespace);
  return sysctls["net.bridge.bridge-nf-call-iptables"] === "1";
}

/** Why the kernel routes nothing that came in here, by what it says. */
async function whyNotRouted(
  traveller: Traveller,
  { namespace, link }: End,
  { words }: RouteLookup,
): Promise<Outcome> {
  const drop = (reason: DropReason): Outcome => ({
    end: "dropped",
    reason,
    namespace,
    link: link.name,
    address: traveller.tuple.dst,
    words,
  });
  if (/cross-device/i.test(words)) return drop("reverse-path");
  if (/No route to host/i.test(words)) {
    return drop(
      namespace.conf[link.name]?.forwarding
        ? "route-forbids"
        : "forwarding-off",
    );
  }
  if (/Network is unreachable/i.test(words)) return drop("no-route");
  if (/Permission denied/i.test(words)) return drop("route-forbids");
  if (/Invalid argument/i.test(words)) {
    const plain = await traveller.network.routeLookup(
      namespace,
      traveller.tuple.dst,
    );
    if (!plain.dev) return drop("route-forbids");
    // The kernel says the same of a sender that it would answer elsewhere.
    const back = await traveller.network.routeLookup(
      namespace,
      traveller.tuple.src,
    );
    const isElsewhere = back.type !== "local" && back.dev !== link.name;
    return drop(
      isStrict(namespace, link.name) && isElsewhere
        ? "reverse-path"
        : "martian",
    );
  }
  return { end: "unknown", namespace, because: "kernel" };
}

/** What cannot be told. */
export function unknown(
  traveller: Traveller,
  namespace: Namespace,
  because: Undecided,
): Sent {
  return over(traveller, { end: "unknown", namespace, because });
}

/** The end of one way. */
export function over(traveller: Traveller, outcome: Outcome): Sent {
  return { arrivals: [], over: [ended(traveller, outcome)] };
}

/** Puts together what became of several. */
export function add(all: Sent, { arrivals, over }: Sent): void {
  all.arrivals.push(...arrivals);
  all.over.push(...over);
}
