/** Sends a packet and tells its whole story. */

import { EXIT, Problem } from "../cli/problem.ts";
import type { Stage, Verdict } from "../course/stage.ts";
import { foretell, whereToListen } from "./foretell.ts";
import { startCapture } from "./capture.ts";
import { type Cause } from "./cause_kinds.ts";
import { saysOf } from "./says.ts";
import { explainDrop } from "./why_dropped.ts";
import { actionsBefore } from "./actions.ts";
import { type Action } from "./evidence.ts";
import { FullEvidence } from "./evidence.ts";
import { follow } from "./same_packet.ts";
import { type ArpExchange } from "./sighting.ts";
import { type Sighting } from "./sighting.ts";
import { type Location } from "./sighting.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import { isAside } from "./predecessor.ts";
import type { Probe } from "./probe.ts";
import type { World } from "./world.ts";
import { t } from "../cli/translate.ts";

/** One thing that happened, in the kernel's order. */
export type Event =
  /** The packet was seen. */
  | { kind: "seen"; seen: Sighting; aside: boolean }
  /** Something was done to it. */
  | { kind: "action"; action: Action }
  /** It had to wait for an answer by ARP. */
  | { kind: "arp"; exchange: ArpExchange };

/** The story of one packet. */
export interface Trace {
  /** Where it started. */
  from: NamespaceHandle;
  /** For whom it was. */
  to: string;
  /** What was sent, for people. */
  what: string;
  /** What came of it. */
  verdict: Verdict;
  /** Microseconds from its first sighting to the answer's last. */
  took?: number;
  /** What the answer says, where it says more than "I am here". */
  says?: string;
  /** All that happened. */
  events: Event[];
  /** If no answer came: why. */
  cause?: Cause;
  /** Packets that came too fast to be kept: something may be missing. */
  lost: number;
}

/**
 * Sends the probe's packet from a namespace and follows it. Throws a
 * {@linkcode Problem} where it cannot be sent for a reason that is not the
 * network's: no right to listen, no `ping`.
 */
export async function trace(
  world: World,
  from: NamespaceHandle,
  to: string,
  probe: Probe,
  stages: readonly Stage[] = [],
): Promise<Trace> {
  const { namespaces } = world;
  // Before the packet goes: afterwards there would be traces of it.
  const foretold = await foretell(world, from, probe);
  const where = whereToListen(foretold, from, to);
  const capture = startCapture(namespaces, where, probe.protocol);
  try {
    const sent = await probe.send(namespaces, from);
    const heard = capture.read();
    if (sent.blocked && heard.length === 0) {
      throw new Problem(
        t`Cannot send: ${sent.words}.`,
        t`A trace takes root, or the sandbox: --on sandbox.`,
        EXIT.blocked,
      );
    }
    const { seen, exchanges } = follow(heard, probe, world);
    const facts: FullEvidence = {
      ...{ world, seen, exchanges, sent, from, to, source: probe.source },
      ...{ protocol: probe.protocol, port: probe.flow.dport },
      ...{ probe, foretold },
    };
    const last = seen.findLast((each) =>
      each.role === "reply" && each.namespace === from &&
      each.direction === "in"
    );
    // What came in may not be for the one who asked, as its kernel sees it.
    const isBack = last !== undefined && !isAside(world, last) &&
      sent.answered !== false;
    const cause = isBack ? undefined : await explainDrop(facts, stages);
    return {
      ...{ from, to, what: probe.what, cause },
      verdict: isBack
        ? "ok"
        : seen.length === 0 && /unreachable/i.test(sent.words)
        ? "unreachable"
        : "no-reply",
      took: isBack ? last.time : undefined,
      says: isBack ? await saysOf(facts, last) : undefined,
      events: await makeEvents(facts, cause),
      lost: capture.lost(),
    };
  } finally {
    capture.close();
  }
}

/** Sightings, what was done between them, and the ARP that they waited for. */
async function makeEvents(
  facts: FullEvidence,
  cause?: Cause,
): Promise<Event[]> {
  const { seen, exchanges, world } = facts;
  const actions = await Promise.all(
    seen.map((each) => actionsBefore(facts, each)),
  );
  const waiting = exchanges.filter((exchange) =>
    exchange === cause?.exchange ||
    seen.some((each) => waitedFor(each, exchange))
  );
  const events: Event[] = [];
  for (const [i, each] of seen.entries()) {
    for (const action of actions[i]) {
      events.push({ kind: "action", action });
    }
    for (const exchange of waiting) {
      if (seen.find((one) => waitedFor(one, exchange)) === each) {
        events.push({ kind: "arp", exchange });
      }
    }
    events.push({ kind: "seen", seen: each, aside: isAside(world, each) });
  }
  for (const exchange of waiting) {
    if (exchange === cause?.exchange) events.push({ kind: "arp", exchange });
  }
  return events;
}

/** Whether the frame could only be addressed after this exchange. */
function waitedFor(
  seen: Sighting,
  { question, answers }: ArpExchange,
): boolean {
  const asked = question.find(({ direction }) => direction === "out");
  return seen.direction === "out" && asked?.namespace === seen.namespace &&
    asked.link === seen.link && asked.heard.time <= seen.heard.time &&
    answers.some(({ mac }) => mac === seen.dstMac);
}

/** All that was seen of the packet and of the ARP that it waited for. */
export function locationsOf({ events }: Trace): Location[] {
  return events.flatMap((event) => {
    if (event.kind === "seen") return [event.seen];
    if (event.kind === "action") return [];
    return [...event.exchange.question, ...event.exchange.answers];
  });
}
