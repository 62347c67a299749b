/** The rest of a packet's way, foretold from a place where it was seen. */

import type { Endpoints } from "../net/firewall/packet.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Network } from "../net/network.ts";
import type { End } from "../net/segment.ts";
import { answer, answerFromBeyond, homecoming, LENGTH } from "./answer.ts";
import type { Flow, Leg, RoundTrip, Step } from "./flow.ts";
import { comeIn, overCable } from "./cable.ts";
import { add, receive, type Sent } from "./receive.ts";
import { reversed, type Tracked, type Traveller } from "./traveller.ts";

/** A packet as it was seen. */
export interface Midway {
  /** The interface. */
  at: End;
  /** Whether it came in there or went out. */
  direction: "in" | "out";
  /** What is known of its way so far. */
  steps: readonly Step[];
  /** It is an answer. */
  isReply: boolean;
  /** Its sender and receiver. */
  tuple: Endpoints;
  /** How many routers it may still pass. */
  ttl: number;
  /** The frame's MAC addresses. */
  frame: { src: string; dst: string };
}

/** How the question's addresses were seen before and behind a namespace. */
export interface Passed {
  /** The namespace. */
  namespace: Namespace;
  /** As it came in. */
  cameIn: Endpoints;
  /** As it went out. */
  wentOut: Endpoints;
}

/**
 * The ways that a packet may take from where it was seen, and what is answered.
 *
 * @param from whoever asked, and `flow` what.
 * @param request the question's leg, where the packet is an answer.
 * @param passed what the namespaces on the question's way have made of it: that
 * is undone with the answer.
 */
export async function walkOn(
  network: Network,
  from: Namespace,
  flow: Flow,
  { steps, at, direction, isReply, tuple, ttl, frame }: Midway,
  passed: readonly Passed[],
  request: Leg,
): Promise<RoundTrip[]> {
  const { protocol, dst } = flow;
  const traveller: Traveller = {
    ...{ network, protocol, tuple, ttl, isReply },
    ...protocol === "icmp" ? { icmp: { type: isReply ? 0 : 8, code: 0 } } : {},
    ...protocol === "tcp" ? { flags: isReply ? ["syn", "ack"] : ["syn"] } : {},
    length: flow.length ?? LENGTH[protocol],
    dontFragment: flow.dontFragment ?? protocol === "tcp",
    mark: 0,
    steps,
    tracked: new Map(passed.map((each) => [each.namespace, trackedOf(each)])),
    learned: new Map(),
    heard: new Map(),
    ifMatching: [],
    ifNot: [],
  };
  const { arrivals, lost } = direction === "in"
    ? await comeIn(traveller, frame, at)
    : await overCable(traveller, frame, at);
  const all: Sent = { arrivals: [], over: lost };
  for (const arrival of arrivals) add(all, await receive(arrival));
  if (isReply) {
    return homecoming(all, from, dst).map((reply) => ({ request, reply }));
  }
  const trips: RoundTrip[] = [];
  for (const each of all.over) {
    const { outcome } = each;
    trips.push(
      ...outcome.end === "left"
        ? await answerFromBeyond(each, outcome.at, from, dst)
        : [{ request: each }],
    );
  }
  for (const each of all.arrivals) {
    trips.push(...await answer(each, from, dst));
  }
  return trips;
}

function trackedOf({ cameIn, wentOut }: Passed): Tracked {
  return {
    original: cameIn,
    reply: reversed(wentOut),
    nat: [
      ...cameIn.src === wentOut.src ? [] : ["snat" as const],
      ...cameIn.dst === wentOut.dst ? [] : ["dnat" as const],
    ],
    isSettled: true,
    isAnswered: false,
  };
}
