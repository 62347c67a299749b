/**
 * One packet's way through the network, foretold: out of a namespace, over its
 * segment, through routers, and the answer's way back.
 *
 * Where the kernel can be asked, it is (`ip route get`); the rest is what its
 * documentation and sources say of it. What cannot be told forks.
 */

import type { Namespace } from "../net/namespace.ts";
import type { Network } from "../net/network.ts";
import { answer, answerFromBeyond, LENGTH } from "./answer.ts";
import { complaintsOf } from "./complaint.ts";
import type { Flow, RoundTrip } from "./flow.ts";
import { send } from "./send.ts";
import type { Traveller } from "./traveller.ts";

/** The port that answers are for: any that no program listens on. */
const OWN_PORT = 49152;

/**
 * All the ways that a question and its answer may take from a namespace: one,
 * unless a rule or a race cannot be foretold.
 */
export async function walk(
  network: Network,
  from: Namespace,
  flow: Flow,
): Promise<RoundTrip[]> {
  const { protocol, dst, src = "", dport } = flow;
  const sysctls = await network.sysctls(from);
  const start: Traveller = {
    network,
    protocol,
    ...protocol === "icmp" ? { icmp: { type: 8, code: 0 } } : {},
    ...protocol === "tcp" ? { flags: ["syn"] } : {},
    tuple: {
      src,
      dst,
      ...protocol === "icmp" ? {} : { sport: OWN_PORT, dport },
    },
    length: flow.length ?? LENGTH[protocol],
    dontFragment: flow.dontFragment ?? protocol === "tcp",
    ttl: Number(sysctls["net.ipv4.ip_default_ttl"] ?? 64),
    mark: 0,
    isReply: false,
    steps: [],
    tracked: new Map(),
    learned: new Map(),
    heard: new Map(),
    ifMatching: [],
    ifNot: [],
  };
  const { arrivals, over } = await send(start, from);
  const trips: RoundTrip[] = [];
  for (const request of over) {
    const { outcome } = request;
    trips.push(
      ...outcome.end === "left"
        ? await answerFromBeyond(request, outcome.at, from, dst)
        : await complaintsOf(request, from, dst),
    );
  }
  for (const each of arrivals) trips.push(...await answer(each, from, dst));
  return trips;
}
