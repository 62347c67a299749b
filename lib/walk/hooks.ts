/** A traveller at a hook of the kernel, with what its connection is there. */

import { type Passage, passHook } from "../net/firewall/pass_hook.ts";
import type { Endpoints, Packet } from "../net/firewall/packet.ts";
import type { Rewrite } from "../net/firewall/ruleset.ts";
import type { Namespace } from "../net/namespace.ts";
import {
  asSeen,
  behind,
  type Ended,
  ended,
  isSameTuple,
  lostAt,
  type Place,
  reversed,
  type Tracked,
  type Traveller,
  walked,
} from "./traveller.ts";

/** A hook of the IP layer. */
export type Hook =
  | "prerouting"
  | "input"
  | "forward"
  | "output"
  | "postrouting";

/** What goes on behind a step, and what is over. */
export interface Parted {
  /** Travellers that go on: several where it cannot be told. */
  on: Traveller[];
  /** Ways that ended. */
  over: Ended[];
}

/** The family that IPv4 packets are held against. */
const IP: readonly string[] = ["ip", "inet"];

/** Sends a traveller past a hook of a namespace's IP layer. */
export async function passIp(
  traveller: Traveller,
  namespace: Namespace,
  hook: Hook,
  place: Place,
  masquerade?: string,
): Promise<Parted> {
  const { chains } = await traveller.network.firewall(namespace);
  // Where nobody has a rule, nothing is tracked, and nothing can be lost.
  if (chains.length === 0) return { on: [traveller], over: [] };
  // What comes in by lo is known already from where it went out.
  const enters = hook === "output" ||
    hook === "prerouting" && place.iif !== "lo";
  const remembered = traveller.tracked.get(namespace);
  // An answer that a bridge shows once more, with its NAT undone already, is
  // none of the connection's any more: nobody sent what it would answer.
  const isForeign = enters
    ? remembered !== undefined && !belongs(traveller, remembered)
    : traveller.foreignIn === namespace;
  const tracked = isForeign ? undefined : remembered;
  const isBack = !enters
    ? traveller.answersIn === namespace
    : tracked !== undefined && isOfReply(traveller, tracked);
  const ct: Packet["ct"] = traveller.untrackedIn === namespace
    ? { state: "untracked", direction: "original", nat: [] }
    : connection(traveller, tracked, isBack);
  const packet = asSeen(traveller, namespace, place, ct);
  const passages = passHook(chains, IP, hook, packet, {
    masquerade,
    redirect: hook === "output"
      ? "127.0.0.1"
      : namespace.links.find(({ name }) => name === place.iif)
        ?.addresses[0]?.local ?? null,
    isSettled: tracked?.isSettled ?? false,
    known: tracked && traveller.untrackedIn !== namespace
      ? known(tracked, isBack, traveller)
      : undefined,
  });
  const parted: Parted = { on: [], over: [] };
  for (const passage of passages) {
    const went = {
      ...behind(traveller, passage),
      answersIn: isBack ? namespace : undefined,
      foreignIn: isForeign ? namespace : undefined,
    };
    const next = isForeign
      ? went
      : track(went, namespace, traveller.tuple, passage, hook);
    if (passage.end === "passes") {
      parted.on.push(
        walked(next, {
          kind: "hook",
          namespace,
          hook,
          iif: place.iif,
          oif: place.oif,
          nat: passage.nat,
          untracked: passage.untracked,
          aged: passage.aged,
        }),
      );
    } else {
      const outcome = lostAt(hook, passage, namespace, place);
      parted.over.push(ended(next, outcome));
    }
  }
  return parted;
}

/** Whether the packet that enters is one of a connection's, of either direction. */
function belongs(traveller: Traveller, tracked: Tracked): boolean {
  return traveller.isError || isSameTuple(traveller.tuple, tracked.original) ||
    isOfReply(traveller, tracked);
}

/** Whether the packet that enters belongs to the answers of a connection. */
function isOfReply(
  { tuple, isReply, isError }: Traveller,
  { reply, original }: Tracked,
): boolean {
  // Any router on the way may complain.
  if (isError) return tuple.dst === reply.dst;
  // Who talks to himself by ICMP has the same addresses both ways.
  return isSameTuple(tuple, reply) &&
    (isReply || !isSameTuple(tuple, original));
}

function connection(
  traveller: Traveller,
  tracked: Tracked | undefined,
  isBack: boolean,
): Packet["ct"] {
  if (!tracked) {
    // An answer to what was never seen here is none to the kernel either.
    const state = traveller.isReply && traveller.protocol !== "udp"
      ? "invalid"
      : "new";
    const original = traveller.tuple;
    return {
      state,
      direction: "original",
      nat: [],
      mark: 0,
      original,
      reply: reversed(original),
    };
  }
  const { original, reply, nat, mark, isAnswered } = tracked;
  return {
    state: traveller.isError
      ? "related"
      : isBack || isAnswered
      ? "established"
      : "new",
    direction: isBack ? "reply" : "original",
    ...{ nat, mark, original, reply },
  };
}

/** What tracking rewrites in packets of a connection that it knows. */
function known(
  { original, reply }: Tracked,
  isBack: boolean,
  { isError, tuple }: Traveller,
): { src: Rewrite; dst: Rewrite } {
  const to = isBack ? reversed(original) : reversed(reply);
  // A router that complains does so by its own address.
  const isOther = isError && tuple.src !== reply.src;
  return {
    src: isOther ? { address: tuple.src } : { address: to.src, port: to.sport },
    dst: { address: to.dst, port: to.dport },
  };
}

/** What a namespace knows of the connection behind a hook. */
function track(
  next: Traveller,
  namespace: Namespace,
  before: Endpoints,
  { nat, untracked, packet }: Passage,
  hook: Hook,
): Traveller {
  if (untracked || packet.ct.state === "untracked") {
    return { ...next, untrackedIn: namespace };
  }
  if (packet.ct.state === "invalid") return next;
  const old = next.tracked.get(namespace);
  const first: Tracked = old ?? {
    original: before,
    reply: reversed(before),
    nat: [],
    mark: 0,
    isSettled: false,
    isAnswered: false,
  };
  const isBack = next.answersIn === namespace && !next.isError;
  const now: Tracked = {
    ...first,
    mark: packet.ct.mark,
    isAnswered: first.isAnswered || isBack,
    ...nat
      ? { reply: reversed(next.tuple), nat: [...first.nat, nat.kind] }
      : {},
    // At its last hook the first packet's bindings are made for good.
    isSettled: first.isSettled || hook === "postrouting" || hook === "input",
  };
  return { ...next, tracked: new Map(next.tracked).set(namespace, now) };
}
