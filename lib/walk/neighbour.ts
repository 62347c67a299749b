/** Which MAC address stands for the next router or the target, see arp(7). */

import { passHook } from "../net/firewall/pass_hook.ts";
import type { Packet } from "../net/firewall/packet.ts";
import { holds, linkOf, type Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import { carry } from "./cable.ts";
import { EVERYBODY } from "./frame.ts";
import type { Outcome } from "./flow.ts";
import {
  asArp,
  type Ended,
  ended,
  lostAt,
  type Traveller,
} from "./traveller.ts";

/** An answer to "who has this address?". */
export interface Resolved {
  /** The one who asked, as it is now. */
  traveller: Traveller;
  /** The MAC address. */
  mac: string;
}

/** All who may answer, or why nobody does. */
export interface Resolution {
  /** One for each MAC address that may be told. */
  answers: Resolved[];
  /** Why there is none, the most telling first. */
  silence: Ended[];
}

/** States of an entry, see ip-neighbour(8): told by hand … */
const FIXED = ["PERMANENT", "NOARP"];

/** … and known well enough to be used. */
const USED = ["REACHABLE", "STALE", "DELAY", "PROBE"];

/** Finds out the MAC address of a neighbour: known, or asked for. */
export async function resolve(
  traveller: Traveller,
  from: End,
  address: string,
): Promise<Resolution> {
  const { namespace, link } = from;
  if (!link.asksArp || link.kind !== "veth" && !link.bridge) {
    // Nobody is asked: the frame goes to whatever is at the other end.
    return { answers: [{ traveller, mac: EVERYBODY }], silence: [] };
  }
  if (link.noArp) {
    // The kernel writes the interface's own address as the receiver.
    return { answers: [{ traveller, mac: link.mac }], silence: [] };
  }
  const entry = namespace.neighbours.find((each) =>
    each.address === address && each.dev === link.name
  );
  const isTold = (states: readonly string[]) =>
    entry?.states.some((state) => states.includes(state))
      ? entry.mac
      : undefined;
  // What was told by hand stays; all else is what was heard last.
  const mac = isTold(FIXED) ?? traveller.heard.get(heardAs(from, address)) ??
    isTold(USED);
  if (mac) return { answers: [{ traveller, mac }], silence: [] };
  return await ask(traveller, from, address);
}

async function ask(
  traveller: Traveller,
  from: End,
  address: string,
): Promise<Resolution> {
  const { namespace, link } = from;
  const silent: Outcome = {
    end: "dropped",
    reason: "neighbour-silent",
    namespace,
    link: link.name,
    address,
  };
  const source = sourceFor(traveller, from);
  // What a port hears is its bridge's: an answer never comes back to the port.
  const bridge = linkOf(namespace, link.master);
  if (bridge?.bridge) {
    return { answers: [], silence: [ended(traveller, silent)] };
  }
  const arp = { src: source, dst: address };
  const out = await passArp(traveller, namespace, "output", arp, {
    oif: link.name,
  });
  if (out) return { answers: [], silence: [ended(traveller, out)] };
  const asked = await carry(
    traveller,
    { src: link.mac, dst: EVERYBODY, arp },
    from,
  );
  const answers: Resolved[] = [];
  const silence: Ended[] = [];
  // Whoever is asked learns who asks.
  const heard = new Map(traveller.heard);
  for (const { at, traveller: there } of asked.arrivals) {
    const said = await answerAt(there, at, arp);
    if (said === undefined) continue;
    if (said !== "answers") {
      silence.push(ended(traveller, said));
      continue;
    }
    heard.set(heardAs(at, source), link.mac);
    const reply = { src: address, dst: source };
    const lost = await passArp(there, at.namespace, "output", reply, {
      oif: at.link.name,
    });
    if (lost) {
      silence.push(ended(traveller, lost));
      continue;
    }
    const back = await carry(
      there,
      { src: at.link.mac, dst: link.mac, arp: reply },
      at,
    );
    for (const { at: end, traveller: known } of back.arrivals) {
      const isHome = end.namespace === namespace && end.link === link;
      if (!isHome) continue;
      const refused = await passArp(known, namespace, "input", reply, {
        iif: link.name,
      });
      if (refused) silence.push(ended(traveller, refused));
      else {
        answers.push({
          // What bridges have learned stays; the question leaves no steps.
          traveller: { ...traveller, learned: known.learned, heard },
          mac: at.link.mac,
        });
      }
    }
    silence.push(...back.lost);
  }
  // Somebody out of view may answer, but whoever is in view is told of first.
  const lost = [
    ...silence,
    ...asked.lost.filter(({ outcome }) =>
      outcome.end !== "dropped" || outcome.reason !== "wrong-mac"
    ),
  ];
  const isLeft = ({ outcome }: Ended) => outcome.end === "left";
  const different = answers.filter(({ mac }, i) =>
    answers.findIndex((each) => each.mac === mac) === i
  );
  return {
    answers: different,
    silence: [
      ...lost.filter((each) => !isLeft(each)),
      ...lost.filter(isLeft),
      ended(traveller, silent),
      // Neither a question nor its answer is a step of the packet itself.
    ].map((each) => ({ ...each, steps: traveller.steps })),
  };
}

/** Under which name a station remembers another one. */
function heardAs({ namespace, link }: End, address: string): string {
  return `${namespace.label} ${link.name} ${address}`;
}

/** The sender of a question: the packet's, if it is the namespace's own. */
function sourceFor({ tuple }: Traveller, { namespace, link }: End): string {
  const isOwn = namespace.links.some((each) => holds(each, tuple.src));
  return isOwn ? tuple.src : link.addresses[0]?.local ?? "0.0.0.0";
}

/** Whether a question is answered where it arrived. */
async function answerAt(
  traveller: Traveller,
  at: End,
  arp: { src: string; dst: string },
): Promise<"answers" | Outcome | undefined> {
  const { namespace, link } = at;
  const { network } = traveller;
  if (link.noArp || !link.up) return undefined;
  const lost = await passArp(traveller, namespace, "input", arp, {
    iif: link.name,
  });
  if (lost) return lost;
  if (!namespace.links.some((each) => holds(each, arp.dst))) return undefined;
  const sysctls = await network.sysctls(namespace);
  const of = (name: string) =>
    Number(sysctls[`net.ipv4.conf.${name}.arp_ignore`] ?? 0);
  const ignore = Math.max(of("all"), of(link.name.replaceAll(".", "/")));
  if (ignore >= 8) return undefined;
  if (ignore >= 1 && !holds(link, arp.dst)) return undefined;
  if (ignore >= 3) {
    return { end: "unknown", namespace, because: "arp-ignore" };
  }
  // The kernel answers only what it would take from that sender as well.
  const lookup = await network.routeLookup(namespace, arp.dst, {
    from: arp.src,
    iif: link.name,
  });
  return lookup.type === "local" ? "answers" : undefined;
}

/** What a namespace's rules for ARP drop. */
async function passArp(
  traveller: Traveller,
  namespace: Namespace,
  hook: "input" | "output",
  arp: { src: string; dst: string },
  place: { iif?: string; oif?: string },
): Promise<Outcome | undefined> {
  const { chains } = await traveller.network.firewall(namespace);
  if (!chains.some(({ family }) => family === "arp")) return undefined;
  const packet = asArp(traveller, namespace, place, NOT_TRACKED, arp);
  const [passage, ...others] = passHook(chains, ["arp"], hook, packet);
  if (others.length > 0) {
    return { end: "unknown", namespace, because: "arp-rule" };
  }
  return passage.end === "passes"
    ? undefined
    : lostAt(hook, passage, namespace, place);
}

/** What is asked by ARP is part of no connection. */
const NOT_TRACKED: Packet["ct"] = {
  state: "invalid",
  direction: "original",
  nat: [],
};
