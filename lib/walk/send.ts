/** A packet out of the namespace that makes it. */

import { linkOf, type Namespace } from "../net/namespace.ts";
import type { RouteLookup } from "../net/network.ts";
import type { End } from "../net/segment.ts";
import { passIp } from "./hooks.ts";
import {
  add,
  lookUp,
  onTheWire,
  over,
  receive,
  type Sent,
  unknown,
} from "./receive.ts";
import { type Traveller, walked } from "./traveller.ts";

/** Out of the namespace that makes the packet. */
export async function send(
  traveller: Traveller,
  from: Namespace,
): Promise<Sent> {
  const { src } = traveller.tuple;
  const any = src ? undefined : await lookUp(traveller, from, {});
  if (any && !any.dev) return refused(traveller, from, any);
  // A socket that is connected is routed once more with the sender that it got.
  const sender = src || any?.src;
  const lookup = await lookUp(traveller, from, { from: sender });
  if (!lookup.dev) return refused(traveller, from, lookup);
  const out = linkOf(from, lookup.dev);
  if (!out) return unknown(traveller, from, "interface");
  const chosen: Traveller = {
    ...traveller,
    tuple: { ...traveller.tuple, src: sender ?? "" },
  };
  const hooked = await passIp(chosen, from, "output", { oif: out.name });
  const all: Sent = { arrivals: [], over: hooked.over };
  for (const each of hooked.on) {
    // What a rule rewrote or marked is routed once more.
    const isChanged = each.tuple.dst !== chosen.tuple.dst ||
      each.mark !== chosen.mark;
    const again = isChanged
      ? await lookUp(each, from, { from: each.tuple.src })
      : lookup;
    const dev = again.dev && linkOf(from, again.dev);
    if (!dev) {
      add(all, refused(each, from, again));
      continue;
    }
    const end: End = { namespace: from, link: dev };
    if (again.type === "local") {
      add(all, await throughLoopback(each, from));
      continue;
    }
    const next = again.via ?? each.tuple.dst;
    const step = walked(each, {
      kind: "sent",
      at: end,
      src: each.tuple.src,
      next,
    });
    add(all, await onTheWire(step, end, next));
  }
  return all;
}

/** What is for oneself goes over lo, whatever the address. */
async function throughLoopback(
  traveller: Traveller,
  namespace: Namespace,
): Promise<Sent> {
  const lo = linkOf(namespace, "lo");
  if (!lo?.up) {
    return over(traveller, {
      end: "dropped",
      reason: "link-down",
      namespace,
      link: "lo",
    });
  }
  const end: End = { namespace, link: lo };
  const all: Sent = { arrivals: [], over: [] };
  const out = await passIp(
    traveller,
    namespace,
    "postrouting",
    { oif: "lo" },
    "127.0.0.1",
  );
  all.over.push(...out.over);
  for (const each of out.on) {
    add(all, await receive({ traveller: each, at: end }, true));
  }
  return all;
}

/** The sender's own kernel says no. */
function refused(
  traveller: Traveller,
  namespace: Namespace,
  { words }: RouteLookup,
): Sent {
  const forbids = /Permission denied|Invalid argument|No route to host/i;
  return over(traveller, {
    end: "dropped",
    reason: forbids.test(words) ? "route-forbids" : "no-route",
    namespace,
    address: traveller.tuple.dst,
    words,
  });
}
