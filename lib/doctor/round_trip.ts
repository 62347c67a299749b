/** A ping's whole way: out of the namespace, to its target, and back. */

import { shell } from "../cli/shell.ts";
import { isPrivate } from "../net/ipv4.ts";
import { oldConversations } from "./conntrack.ts";
import { natManners, sourceNat } from "./source_nat.ts";
import {
  crossSegment,
  type Ingress,
  NF_CALL_OFF,
  wrongGateway,
} from "./crossing.ts";
import {
  forward,
  type Forwarding,
  gatewayElsewhere,
  reversePath,
  ruledElsewhere,
  subnetElsewhere,
} from "./forward.ts";
import { firewallAt, type Known } from "./hooks.ts";
import {
  addressOnPort,
  arpOff,
  duplicateHere,
  linkDown,
} from "./link_faults.ts";
import { egress } from "./egress.ts";
import { attachment } from "./attachment.ts";
import { astray, blocked, tableUnused } from "./route_faults.ts";
import { holder, inside, isStrict, type Namespace } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { type End, same, segmentOf } from "../net/segment.ts";
import type { Incoming } from "../net/network.ts";
import { t } from "../cli/translate.ts";

/** Follows the question's ping, and its answer. */
export async function followRoundTrip(
  path: Path,
  namespace: Namespace,
): Promise<void> {
  const { to, about } = path.question;
  const departure = await egress(path, namespace, to, about !== "internet");
  if (!departure) return;
  const { end, src, next } = departure;
  path.saw("address", `${namespace.label} ${src}`);
  const known: Known = { kind: "request", src, dst: to, state: "new" };
  const arrival = await crossSegment(path, end, next, known);
  if (!arrival) return;
  path.saw(
    "link",
    t`${end.link.name} to ${arrival.link.name}${
      arrival.namespace === namespace ? "" : ` of ${arrival.namespace.label}`
    }`,
  );
  if (holder(arrival.namespace, to)) {
    await receive(path, arrival, known);
    await echo(path, arrival.namespace);
    await answer(path, arrival, departure.end, to, src);
    return;
  }
  path.saw("route", `${namespace.label} via ${next}`);
  if (notARouter(path, end, next, arrival, to)) return;
  const passage = await forward(path, arrival, known);
  if (!passage) {
    await wayBack(path, arrival, next, src);
    return;
  }
  await passLeft(path, passage, arrival, end, next, known);
}

/** A packet that left the router: for another segment here, or for the network. */
async function passLeft(
  path: Path,
  passage: Forwarding,
  arrival: Ingress,
  from: End,
  next: string,
  known: Known,
): Promise<void> {
  const { src, dst } = known;
  const { namespace, link: out } = passage.end;
  path.saw(
    "forwarding",
    t`${namespace.label}: ${arrival.link.name} to ${out.name}`,
  );
  const segment = segmentOf(path.network, passage.end);
  const reply: Known = {
    kind: "reply",
    src: dst,
    dst: src,
    state: "established",
  };
  if (path.answering(segment, passage.next, passage.end).length > 0) {
    const target = await crossSegment(path, passage.end, passage.next, known);
    if (target && holder(target.namespace, dst)) {
      await receive(path, target, known);
      await echo(path, target.namespace);
      const home = await egress(path, target.namespace, src, false, "reply");
      if (home) await crossSegment(path, home.end, home.next, reply);
    }
  } else {
    addressOnPort(path, passage.end);
    if (out.noArp) arpOff(path, passage.end);
    if (!out.carrier) {
      path.add("cable-unplugged", {
        params: { dev: out.name, who: namespace.label },
        look: {
          command: inside(namespace, shell`ip link show dev ${out.name}`),
        },
      });
    }
    path.saw("route", t`${namespace.label} via ${passage.next} on ${out.name}`);
    path.notes.hops.push({ ...passage, question: path.question });
    if (arrival.asked && passage.nat) {
      path.add("nat-too-early", {
        params: { who: namespace.label },
        look: {
          command: inside(namespace, NF_CALL_OFF.replace(/ -w|=0/g, "")),
        },
        fix: [inside(namespace, NF_CALL_OFF)],
      });
    }
    if (!passage.isLost) await sourceNat(path, passage, src, dst);
    if (passage.nat) await oldConversations(path, namespace, src);
  }
  const router = await wayBack(path, arrival, next, src);
  const neighbour = neighbourOf(path, from);
  await natManners(path, router ?? arrival, src, neighbour, out.name);
  // Until NAT is undone, the answer is for the router's own address.
  // Where NAT is missing, that has been told.
  const isRewritten = passage.nat || (isPrivate(src) && !isPrivate(dst));
  const before = isRewritten ? out.addresses[0]?.local : undefined;
  const back = await forward(path, passage.end, { ...reply, before });
  if (!router || !back) return;
  await crossSegment(path, router, src, reply);
  await receive(path, from, reply);
}

/** The answer of whoever was asked. */
async function answer(
  path: Path,
  from: End,
  to: End,
  src: string,
  dst: string,
): Promise<void> {
  const reply: Known = { kind: "reply", src, dst, state: "established" };
  if (from.namespace.enter.length === 0) {
    const end = await wayBack(path, from, src, dst, { from: src });
    await firewallAt(path, from.namespace, "output", reply);
    if (end) await crossSegment(path, end, dst, reply);
  } else {
    const home = await egress(path, from.namespace, dst, true, "reply");
    if (home) await crossSegment(path, home.end, home.next, reply);
  }
  await receive(path, to, reply);
}

/** What an end's namespace does with a packet that is for itself. */
async function receive(path: Path, end: End, known: Known): Promise<void> {
  const { namespace, link: { name: iif } } = end;
  const before = await firewallAt(path, namespace, "prerouting", {
    ...known,
    iif,
  });
  if (before.dropped) return;
  if (isStrict(namespace, iif)) {
    const lookup = await path.network.routeLookup(namespace, known.dst, {
      from: known.src,
      iif,
    });
    const back = await path.network.routeLookup(namespace, known.src);
    // A way back that leads to another segment is told where the answer takes it.
    const isOnSegment = known.state !== "new" ||
      segmentOf(path.network, end).ends.some((each) =>
        each.namespace === namespace && each.link.name === back.dev
      );
    const isElsewhere = back.dev !== undefined && back.dev !== iif &&
      isOnSegment;
    if (!lookup.dev && isElsewhere) {
      reversePath(path, namespace, iif, known.src, lookup);
    }
  }
  await firewallAt(path, namespace, "input", { ...known, iif });
}

/** Whether the one who is reached answers pings at all. */
async function echo(path: Path, namespace: Namespace): Promise<void> {
  const key = "net.ipv4.icmp_echo_ignore_all";
  if ((await path.network.sysctls(namespace))[key] !== "1") return;
  path.add("echo-ignored", {
    params: { who: namespace.label },
    look: { command: inside(namespace, shell`sysctl ${key}`) },
    fix: [inside(namespace, shell`sysctl -w ${key}=0`)],
  });
}

/** The next hop is a neighbour like any other, and passes nothing on. */
function notARouter(
  path: Path,
  from: End,
  next: string,
  arrival: End,
  to: string,
): boolean {
  if (arrival.namespace.enter.length === 0) return false;
  if (astray(path, from.namespace, to, from.link.name, next)) return true;
  const segment = segmentOf(path.network, from);
  const right = path.lab?.gatewayOf(path.nameOf(from.namespace)) ??
    path.routerOn(segment, from);
  if (!right || right === next) return false;
  wrongGateway(
    path,
    from,
    next,
    right,
    t`${next} is ${arrival.namespace.label}, a neighbour and no router.`,
  );
  return true;
}

/**
 * The router's interface by which answers get back to the one who asked.
 *
 * @param gateway the router's address on that segment.
 * @param packet the answer's sender, where the router answers itself.
 */
async function wayBack(
  path: Path,
  arrival: End,
  gateway: string,
  src: string,
  packet?: Incoming,
): Promise<End | undefined> {
  const { namespace } = arrival;
  if (tableUnused(path, namespace)) return;
  const segment = segmentOf(path.network, arrival);
  const lookup = await path.network.routeLookup(namespace, src, packet);
  const sender = packet?.from ?? path.question.to;
  if (!lookup.dev && blocked(path, namespace, src, sender)) return;
  const link = namespace.links.find(({ name }) => name === lookup.dev);
  const end = link && { namespace, link };
  if (end && segment.ends.some((each) => same(each, end))) return end;
  const plain = packet && await path.network.routeLookup(namespace, src);
  const ruled = plain &&
    segment.ends.find((each) =>
      each.namespace === namespace && each.link.name === plain.dev
    );
  if (ruled && lookup.dev) {
    ruledElsewhere(path, namespace, src, [lookup, plain]);
    return ruled;
  }
  const home = holder(namespace, gateway) ?? arrival.link;
  const homeEnd = { namespace, link: home };
  if (!home.up) {
    linkDown(path, homeEnd);
    return homeEnd;
  }
  if (lookup.dev === home.name) {
    // The right interface, but its own cable is not on this segment; or it is
    // the wrong interface that has the gateway's address.
    if (attachment(path, homeEnd, src)) {
      const right = path.lab?.placeOf(gateway)?.link ?? arrival.link.name;
      gatewayElsewhere(path, homeEnd, gateway, src, right);
    }
    return homeEnd;
  }
  if (lookup.type === "local") {
    duplicateHere(path, namespace, src, path.question.from);
    return undefined;
  }
  subnetElsewhere(path, namespace, src, lookup.dev ?? "nowhere", home.name);
  return homeEnd;
}

/** Some neighbour's address, to try the rules for neighbours with. */
function neighbourOf(path: Path, end: End): string | undefined {
  return segmentOf(path.network, end).ends
    .filter(({ namespace }) =>
      namespace !== end.namespace && namespace.enter.length > 0
    )
    .flatMap(({ link }) => link.addresses)[0]?.local;
}
