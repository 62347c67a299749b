/**
 * A frame from one interface to all those that it comes to: over the cable,
 * and over the bridge that this is plugged into.
 */

import { type Passage, passHook } from "../net/firewall/pass_hook.ts";
import type { Packet } from "../net/firewall/packet.ts";
import type { Link } from "../net/namespace.ts";
import type { Namespace } from "../net/namespace.ts";
import { type End, otherEnd } from "../net/segment.ts";
import type { DropReason, Outcome } from "./flow.ts";
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
  walked,
} from "./traveller.ts";

/** The address that every station takes. */
export const EVERYBODY = "ff:ff:ff:ff:ff:ff";

/** What is on the wire: an IPv4 packet, or a question of ARP or its answer. */
export interface Frame {
  /** The MAC address of whoever sent it. */
  src: string;
  /** Whom it is for. */
  dst: string;
  /** Of ARP: who asks, or answers, and about whom. */
  arp?: { src: string; dst: string };
}

/** Where a frame came to, for the namespace there to look at. */
export interface Arrival {
  /** The packet, as it is there. */
  traveller: Traveller;
  /** The interface. */
  at: End;
  /** The bridge's port that it came in by, if it is a bridge. */
  port?: string;
}

/** All that became of a frame. */
export interface Carried {
  /** Where it came to. */
  arrivals: Arrival[];
  /** Copies of it that went no further, the most telling ones first. */
  lost: Ended[];
}

/** Sends a frame out of an interface. */
export async function carry(
  traveller: Traveller,
  frame: Frame,
  from: End,
): Promise<Carried> {
  if (from.link.bridge) return await fromBridge(traveller, frame, from);
  return await overCable(traveller, frame, from);
}

/** A frame out of an interface, to the other end of its cable. */
export async function overCable(
  traveller: Traveller,
  frame: Frame,
  from: End,
): Promise<Carried> {
  const lose = (outcome: Outcome) => nothing(traveller, outcome);
  if (!from.link.up) return lose(dropped("link-down", from));
  if (from.link.kind === "dummy") return lose(dropped("unplugged", from));
  if (from.link.kind !== "veth") {
    return lose({ end: "left", at: from, next: frame.dst });
  }
  const far = otherEnd(traveller.network, from);
  if (!far) return lose({ end: "left", at: from, next: frame.dst });
  if (!far.link.up) return lose(dropped("link-down", far));
  if (LOSSY.includes(from.link.queue)) {
    return lose({
      end: "unknown",
      namespace: from.namespace,
      because: "queue",
    });
  }
  const isHome = far.namespace === from.namespace;
  // What rules wrote on a packet stays behind with the namespace.
  const over = isHome ? traveller : { ...traveller, mark: 0 };
  return await comeIn(over, frame, far);
}

/** Queues that throw away what they like, see tc(8). */
const LOSSY = ["netem", "tbf", "plug", "htb", "red", "choke"];

/** A frame at the end of its cable: for the bridge there, or for the stack. */
export async function comeIn(
  traveller: Traveller,
  frame: Frame,
  at: End,
): Promise<Carried> {
  const { namespace, link } = at;
  const place = inBy(link, frame);
  const families = ["netdev", "inet"];
  const hooked = await pass(
    traveller,
    frame,
    namespace,
    "ingress",
    families,
    place,
  );
  const carried: Carried = { arrivals: [], lost: hooked.over };
  for (const each of hooked.on) {
    if (link.xdp) {
      carried.lost.push(
        ended(each, { end: "unknown", namespace, because: "xdp" }),
      );
    } else if (link.master) {
      const bridge = namespace.links.find(({ name }) => name === link.master);
      if (bridge?.bridge) {
        add(carried, await intoBridge(each, frame, namespace, bridge, link));
      } else {
        carried.lost.push(
          ended(each, { end: "unknown", namespace, because: "master" }),
        );
      }
    } else add(carried, toStack(each, frame, at));
  }
  return carried;
}

/** The stack takes what is for its MAC address, or for everybody. */
function toStack(traveller: Traveller, frame: Frame, at: End): Carried {
  const isForUs = frame.dst === EVERYBODY || frame.dst === at.link.mac ||
    at.link.noArp;
  return isForUs
    ? {
      arrivals: [{
        traveller: walked(traveller, { kind: "arrived", at }),
        at,
      }],
      lost: [],
    }
    : nothing(traveller, dropped("wrong-mac", at));
}

// --- The bridge ---------------------------------------------------------------

async function intoBridge(
  traveller: Traveller,
  frame: Frame,
  namespace: Namespace,
  bridge: Link,
  port: Link,
): Promise<Carried> {
  const at = { namespace, link: bridge };
  if (!bridge.up) return nothing(traveller, dropped("link-down", at));
  if (bridge.bridge?.vlans) {
    return nothing(traveller, { end: "unknown", namespace, because: "vlan" });
  }
  const { state = "forwarding", locked = false, learning = true } = port.port ??
    {};
  if (state !== "forwarding" || locked) {
    return nothing(
      traveller,
      dropped("port-blocked", { namespace, link: port }),
    );
  }
  const place = inBy(port, frame);
  const hooked = await pass(
    traveller,
    frame,
    namespace,
    "prerouting",
    ["bridge"],
    place,
  );
  const carried: Carried = { arrivals: [], lost: hooked.over };
  for (const each of hooked.on) {
    const asked = await callIptables(each, frame, namespace, "prerouting", {
      iif: bridge.name,
      portIn: port.name,
    });
    carried.lost.push(...asked.over);
    for (const one of asked.on) {
      const next = learning ? learn(one, at, frame.src, port.name) : one;
      add(carried, await switched(next, frame, at, port));
    }
  }
  return carried;
}

/** The bridge's choice: itself, one port, or all. */
async function switched(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
  port: Link,
): Promise<Carried> {
  const { namespace, link } = bridge;
  const carried: Carried = { arrivals: [], lost: [] };
  const isForAll = frame.dst === EVERYBODY;
  const ports = namespace.links.filter(({ master }) => master === link.name);
  const isForItself = [link, ...ports].some(({ mac }) => mac === frame.dst);
  if (isForAll || isForItself) {
    const place = inBy(port, frame);
    const hooked = await pass(
      traveller,
      frame,
      namespace,
      "input",
      ["bridge"],
      place,
    );
    carried.lost.push(...hooked.over);
    for (const each of hooked.on) {
      carried.arrivals.push({
        traveller: walked(each, { kind: "arrived", at: bridge }),
        at: bridge,
        port: port.name,
      });
    }
  }
  // What is for a port's own address is for the bridge as well.
  if (isForItself) return carried;
  add(carried, await toPorts(traveller, frame, bridge, port));
  return carried;
}

/** Out of the ports that the forwarding table names, or of all. */
async function toPorts(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
  from?: Link,
): Promise<Carried> {
  const { namespace, link } = bridge;
  const carried: Carried = { arrivals: [], lost: [] };
  const known = frame.dst === EVERYBODY
    ? undefined
    : await portOf(traveller, bridge, frame.dst);
  const ports = namespace.links.filter(({ master, name }) =>
    master === link.name && (known === undefined || name === known)
  );
  for (const port of ports) {
    if (port.name === from?.name) {
      if (known) {
        carried.lost.push(
          ended(traveller, dropped("wrong-mac", { namespace, link: port })),
        );
      }
      continue;
    }
    const end = { namespace, link: port };
    const flags = port.port;
    const floods = frame.dst === EVERYBODY
      ? flags?.bcast_flood ?? true
      : flags?.flood ?? true;
    if ((flags?.state ?? "forwarding") !== "forwarding") {
      carried.lost.push(ended(traveller, dropped("port-blocked", end)));
    } else if (from?.port?.isolated && flags?.isolated) {
      carried.lost.push(ended(traveller, dropped("port-isolated", end)));
    } else if (known === undefined && !floods) {
      carried.lost.push(ended(traveller, dropped("port-blocked", end)));
    } else {
      add(carried, await outOf(traveller, frame, bridge, from, port));
    }
  }
  return carried;
}

async function outOf(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
  from: Link | undefined,
  port: Link,
): Promise<Carried> {
  const { namespace, link } = bridge;
  const macs = { srcMac: frame.src, dstMac: frame.dst };
  const hooks = from ? ["forward", "postrouting"] as const : [
    "output",
    "postrouting",
  ] as const;
  let on = [traveller];
  const carried: Carried = { arrivals: [], lost: [] };
  for (const hook of hooks) {
    const next: Traveller[] = [];
    for (const each of on) {
      const place: Place = {
        ...macs,
        ...hook === "postrouting" || !from ? {} : { iif: from.name },
        oif: port.name,
      };
      const hooked = await pass(
        each,
        frame,
        namespace,
        hook,
        ["bridge"],
        place,
      );
      carried.lost.push(...hooked.over);
      for (const one of hooked.on) {
        const asked = from && hook !== "output"
          ? await callIptables(one, frame, namespace, hook, {
            ...hook === "forward" ? { iif: link.name } : {},
            oif: link.name,
            portIn: from.name,
            portOut: port.name,
          })
          : { on: [one], over: [] };
        carried.lost.push(...asked.over);
        next.push(...asked.on);
      }
    }
    on = next;
  }
  for (const each of on) {
    const step = walked(each, {
      kind: "switched",
      namespace,
      bridge: link.name,
      from: from?.name ?? link.name,
      to: port.name,
    });
    add(carried, await overCable(step, frame, { namespace, link: port }));
  }
  return carried;
}

/** What the namespace itself sends by its bridge. */
async function fromBridge(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
): Promise<Carried> {
  if (!bridge.link.up) return nothing(traveller, dropped("link-down", bridge));
  return await toPorts(traveller, frame, bridge);
}

/** Where a bridge has seen an address; undefined: nowhere yet. */
async function portOf(
  { network, learned }: Traveller,
  { namespace, link }: End,
  mac: string,
): Promise<string | undefined> {
  const entries = await network.fdb(namespace, link.name);
  const told = entries.find((each) => each.mac === mac && each.isStatic);
  return told?.dev ?? learned.get(`${namespace.label} ${link.name} ${mac}`) ??
    entries.find((each) => each.mac === mac)?.dev;
}

function learn(
  traveller: Traveller,
  { namespace, link }: End,
  mac: string,
  port: string,
): Traveller {
  const learned = new Map(traveller.learned);
  learned.set(`${namespace.label} ${link.name} ${mac}`, port);
  return { ...traveller, learned };
}

// --- Rules ----------------------------------------------------------------------

/** Holds a frame against the rules of a hook that are for frames. */
async function pass(
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
async function callIptables(
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
function inBy({ name }: Link, { src, dst }: Frame): Place {
  return { iif: name, srcMac: src, dstMac: dst };
}

// --- Small parts ----------------------------------------------------------------

function dropped(reason: DropReason, { namespace, link }: End): Outcome {
  return { end: "dropped", reason, namespace, link: link.name };
}

function nothing(traveller: Traveller, outcome: Outcome): Carried {
  return { arrivals: [], lost: [ended(traveller, outcome)] };
}

function add(all: Carried, { arrivals, lost }: Carried): void {
  all.arrivals.push(...arrivals);
  all.lost.push(...lost);
}
