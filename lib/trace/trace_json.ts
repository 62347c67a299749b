/** A trace as data for other programs. */

import type { ArpExchange } from "./sighting.ts";
import type { Sighting } from "./sighting.ts";
import type { Location } from "./sighting.ts";
import { called } from "./namespaces.ts";
import type { Event, Trace } from "./run.ts";

/** A place of the packet, in JSON. */
export interface SeenJson {
  /** The namespace; the machine's own is `PC`. */
  netns: string;
  /** The interface. */
  link: string;
  /** Whether it came in there or went out. */
  direction: "in" | "out";
  /** `request`, `reply` or `complaint`. */
  role: string;
  /** Source address. */
  src: string;
  /** Destination address. */
  dst: string;
  /** The port that it comes from, of TCP and UDP. */
  sport?: number;
  /** The port that it is for. */
  dport?: number;
  /** Time to live. */
  ttl: number;
  /** MAC address of the sender on this wire. */
  srcMac: string;
  /** MAC address of the receiver on this wire. */
  dstMac: string;
  /** Microseconds since the first sighting. */
  us: number;
}

/** What `trace --json` prints. */
export interface TraceJson {
  /** The number of this form. */
  format: number;
  /** The namespace where it started. */
  from: string;
  /** The address that it was for. */
  to: string;
  /** `ok`, `unreachable` or `no-reply`. */
  verdict: string;
  /** What was sent: a command line after `$ `, or a sentence. */
  what: string;
  /** Microseconds until the answer was back, or null. */
  us: number | null;
  /** What the answer says, if more than "I am here", or null. */
  says: string | null;
  /** What happened, in order. */
  events: (
    | ({ kind: "seen"; aside: boolean } & SeenJson)
    | {
      kind: "action";
      netns: string;
      what: string;
      sentence: string;
      because?: string;
    }
    | {
      kind: "arp";
      asker: string;
      asked: string;
      question: string[];
      answers: { mac: string; seen: string }[];
    }
  )[];
  /** Why no answer came, or null. */
  cause: {
    kind: string;
    leg: string;
    lastSeen: SeenJson | null;
    expected: string;
    /** The doctor's name of the cause, or null where none is known. */
    code: string | null;
    sentence: string;
    evidence: { command: string; shows: string }[];
    /** Commands that mend it. */
    fix: readonly string[];
  } | null;
  /** Packets that came too fast to be kept. */
  lost: number;
}

/** A trace as `trace --json` prints it. */
export function traceJson(
  { from, to, verdict, what, took, says, events, cause, lost }: Trace,
): TraceJson {
  return {
    format: 2,
    from: called(from.name),
    ...{ to, verdict, what },
    us: took ?? null,
    says: says ?? null,
    events: events.map(eventJson),
    cause: cause
      ? {
        kind: cause.kind,
        leg: cause.leg,
        lastSeen: cause.lastSeen ? seenJson(cause.lastSeen) : null,
        expected: cause.expected,
        code: cause.code ?? null,
        sentence: cause.sentence,
        evidence: cause.evidence.map(({ command, shows }) => ({
          command,
          shows,
        })),
        fix: cause.fix,
      }
      : null,
    lost,
  };
}

function eventJson(event: Event): TraceJson["events"][number] {
  switch (event.kind) {
    case "seen":
      return { kind: "seen", aside: event.aside, ...seenJson(event.seen) };
    case "action": {
      const { namespace, ...rest } = event.action;
      return { kind: "action", netns: called(namespace.name), ...rest };
    }
    case "arp":
      return { kind: "arp", ...exchangeJson(event.exchange) };
  }
}

function seenJson(seen: Sighting): SeenJson {
  const {
    namespace,
    link,
    direction,
    role,
    src,
    dst,
    sport,
    dport,
    ttl,
    srcMac,
    dstMac,
  } = seen;
  return {
    netns: called(namespace.name),
    ...{ link, direction, role, src, dst, sport, dport, ttl, srcMac, dstMac },
    us: seen.time,
  };
}

function exchangeJson({ askerIp, askedIp, question, answers }: ArpExchange) {
  const location = ({ namespace, link, direction }: Location) =>
    `${called(namespace.name)}/${link} ${direction}`;
  return {
    asker: askerIp,
    asked: askedIp,
    question: question.map(location),
    answers: answers.map((each) => ({ mac: each.mac, seen: location(each) })),
  };
}
