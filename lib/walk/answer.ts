/** What is answered to a packet that was delivered. */

import type { Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import type { DropReason, Leg, Outcome, RoundTrip } from "./flow.ts";
import { comeIn } from "./cable.ts";
import { add, type Delivered, receive, type Sent } from "./receive.ts";
import { send } from "./send.ts";
import { type Ended, ended, reversed, type Traveller } from "./traveller.ts";

/** Bytes of a ping, of a packet that asks for a connection, of a small datagram. */
export const LENGTH = { icmp: 84, tcp: 60, udp: 29 } as const;

/** What whoever was reached answers, and whether that comes back. */
export async function answer(
  { traveller, at }: Delivered,
  home: Namespace,
  asked: string,
): Promise<RoundTrip[]> {
  const request = ended(traveller, { end: "delivered", at });
  const { network, tuple, protocol } = traveller;
  const sysctls = await network.sysctls(at.namespace);
  let answered: RoundTrip["answered"] = "yes";
  let sources = [tuple.dst];
  if (protocol === "icmp") {
    if (sysctls["net.ipv4.icmp_echo_ignore_all"] === "1") {
      return [{
        request: {
          ...request,
          outcome: {
            end: "dropped",
            reason: "echo-ignored",
            namespace: at.namespace,
          },
        },
      }];
    }
  } else {
    const open = await network.listening(at.namespace, protocol);
    const fits = open.filter(({ address, port }) =>
      port === tuple.dport && (address === "*" || address === tuple.dst)
    );
    if (fits.length === 0) answered = "refused";
    else if (
      protocol === "udp" && !fits.some(({ address }) => address === tuple.dst)
    ) {
      // A program that listens at any address may leave it to the kernel from
      // which one it answers, or name the one that was asked.
      const { src } = await network.routeLookup(at.namespace, tuple.src);
      if (src) sources = [...new Set([tuple.dst, src])];
    }
  }
  // A datagram that nobody waits for is answered by an error.
  const trips: RoundTrip[] = [];
  for (const src of sources) {
    const back = replyOf(traveller, src, answered, sysctls);
    const sent = await send(back, at.namespace);
    for (const reply of homecoming(sent, home, asked)) {
      trips.push({ request, reply, answered });
    }
  }
  return trips;
}

/**
 * What would become of an answer to a packet that left our view: whoever is out
 * there answers the sender that he saw, and it comes in where the packet left.
 */
export async function answerFromBeyond(
  { traveller, outcome, ...request }: Ended,
  at: End,
  home: Namespace,
  asked: string,
): Promise<RoundTrip[]> {
  const back = replyOf(traveller, traveller.tuple.dst, "yes", {});
  const frame = { src: UNKNOWN_MAC, dst: at.link.mac };
  const { arrivals, lost } = await comeIn(back, frame, at);
  const all: Sent = { arrivals: [], over: lost };
  for (const arrival of arrivals) add(all, await receive(arrival));
  return homecoming(all, home, asked).map((reply) => ({
    request: { ...request, outcome },
    reply,
    answered: "assumed",
  }));
}

/** The legs of answers, each with its end: at the one who asked, or elsewhere. */
export function homecoming(
  { arrivals, over }: Sent,
  home: Namespace,
  asked: string,
): Leg[] {
  return [
    ...over,
    ...arrivals.map(({ traveller, at }) =>
      ended(traveller, whereItCame(traveller, at, home, asked))
    ),
  ];
}

/** The router's out there. */
const UNKNOWN_MAC = "02:00:00:00:00:00";

/** What the one who was reached sends back. */
function replyOf(
  traveller: Traveller,
  src: string,
  answered: RoundTrip["answered"],
  sysctls: Record<string, string>,
): Traveller {
  const { protocol, tuple } = traveller;
  // A datagram that nobody waits for is answered by an error.
  const isError = protocol === "udp" && answered === "refused";
  return {
    ...traveller,
    tuple: isError
      ? { src: tuple.dst, dst: tuple.src }
      : { ...reversed(tuple), src },
    ...isError ? { isError, protocol: "icmp", icmp: PORT_UNREACHABLE } : {},
    ...protocol === "icmp" ? { icmp: { type: 0, code: 0 } } : {},
    ...protocol === "tcp"
      ? { flags: answered === "yes" ? ["syn", "ack"] : ["rst", "ack"] }
      : {},
    length: protocol === "icmp" ? traveller.length : LENGTH[protocol],
    // An echo may be split, whatever was asked of the request.
    dontFragment: protocol === "tcp" && traveller.dontFragment,
    ttl: Number(sysctls["net.ipv4.ip_default_ttl"] ?? 64),
    mark: 0,
    isReply: true,
    untrackedIn: undefined,
    steps: [],
  };
}

/** Whether an answer came to the one who asked, and from whom he asked. */
function whereItCame(
  { tuple, isError }: Traveller,
  at: End,
  home: Namespace,
  asked: string,
): Outcome {
  const { namespace, link } = at;
  const drop = (reason: DropReason, address: string): Outcome => ({
    end: "dropped",
    reason,
    namespace,
    link: link.name,
    address,
  });
  if (namespace !== home) return drop("no-route", tuple.dst);
  if (tuple.src !== asked && !isError) return drop("wrong-source", tuple.src);
  return { end: "delivered", at };
}

/** By ICMP: a type and a code, see RFC 792. */
const PORT_UNREACHABLE = { type: 3, code: 3 };
