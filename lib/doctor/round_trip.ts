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
import { type End, same, segmentOf } from "./segment.ts";
import type { Incoming } from "./world.ts";
import { t } from "../cli/translate.ts";

/** Follows the question's ping, and its answer. */
export async function followRoundTrip(
  tour: Path,
  space: Namespace,
): Promise<void> {
  const { to, about } = tour.question;
  const departure = await egress(tour, space, to, about !== "internet");
  if (!departure) return;
  const { end, src, next } = departure;
  tour.saw("address", `${space.label} ${src}`);
  const known: Known = { kind: "request", src, dst: to, state: "new" };
  const arrival = await crossSegment(tour, end, next, known);
  if (!arrival) return;
  tour.saw(
    "link",
    t`${end.iface.name} to ${arrival.iface.name}${
      arrival.space === space ? "" : ` of ${arrival.space.label}`
    }`,
  );
  if (holder(arrival.space, to)) {
    await receive(tour, arrival, known);
    await echo(tour, arrival.space);
    await answer(tour, arrival, departure.end, to, src);
    return;
  }
  tour.saw("route", `${space.label} via ${next}`);
  if (notARouter(tour, end, next, arrival, to)) return;
  const passage = await forward(tour, arrival, known);
  if (!passage) {
    await wayBack(tour, arrival, next, src);
    return;
  }
  await passLeft(tour, passage, arrival, end, next, known);
}

/** A packet that left the router: for another wire here, or for the world. */
async function passLeft(
  tour: Path,
  passage: Forwarding,
  arrival: Ingress,
  from: End,
  next: string,
  known: Known,
): Promise<void> {
  const { src, dst } = known;
  const { space, iface: out } = passage.end;
  tour.saw(
    "forwarding",
    t`${space.label}: ${arrival.iface.name} to ${out.name}`,
  );
  const wire = segmentOf(tour.world, passage.end);
  const reply: Known = {
    kind: "reply",
    src: dst,
    dst: src,
    state: "established",
  };
  if (tour.answering(wire, passage.next, passage.end).length > 0) {
    const target = await crossSegment(tour, passage.end, passage.next, known);
    if (target && holder(target.space, dst)) {
      await receive(tour, target, known);
      await echo(tour, target.space);
      const home = await egress(tour, target.space, src, false, "reply");
      if (home) await crossSegment(tour, home.end, home.next, reply);
    }
  } else {
    addressOnPort(tour, passage.end);
    if (out.noArp) arpOff(tour, passage.end);
    if (!out.carrier) {
      tour.add("cable-unplugged", {
        params: { dev: out.name, who: space.label },
        look: { command: inside(space, shell`ip link show dev ${out.name}`) },
      });
    }
    tour.saw("route", t`${space.label} via ${passage.next} on ${out.name}`);
    tour.notes.hops.push({ ...passage, question: tour.question });
    if (arrival.asked && passage.nat) {
      tour.add("nat-too-early", {
        params: { who: space.label },
        look: {
          command: inside(space, NF_CALL_OFF.replace(/ -w|=0/g, "")),
        },
        fix: [inside(space, NF_CALL_OFF)],
      });
    }
    if (!passage.isLost) await sourceNat(tour, passage, src, dst);
    if (passage.nat) await oldConversations(tour, space, src);
  }
  const router = await wayBack(tour, arrival, next, src);
  const neighbour = neighbourOf(tour, from);
  await natManners(tour, router ?? arrival, src, neighbour, out.name);
  // Until NAT is undone, the answer is for the router's own address.
  // Where NAT is missing, that has been told.
  const isRewritten = passage.nat || (isPrivate(src) && !isPrivate(dst));
  const before = isRewritten ? out.addresses[0]?.local : undefined;
  const back = await forward(tour, passage.end, { ...reply, before });
  if (!router || !back) return;
  await crossSegment(tour, router, src, reply);
  await receive(tour, from, reply);
}

/** The answer of whoever was asked. */
async function answer(
  tour: Path,
  from: End,
  to: End,
  src: string,
  dst: string,
): Promise<void> {
  const reply: Known = { kind: "reply", src, dst, state: "established" };
  if (from.space.enter.length === 0) {
    const end = await wayBack(tour, from, src, dst, { from: src });
    await firewallAt(tour, from.space, "output", reply);
    if (end) await crossSegment(tour, end, dst, reply);
  } else {
    const home = await egress(tour, from.space, dst, true, "reply");
    if (home) await crossSegment(tour, home.end, home.next, reply);
  }
  await receive(tour, to, reply);
}

/** What an end's namespace does with a packet that is for itself. */
async function receive(tour: Path, end: End, known: Known): Promise<void> {
  const { space, iface: { name: iif } } = end;
  const before = await firewallAt(tour, space, "prerouting", { ...known, iif });
  if (before.dropped) return;
  if (isStrict(space, iif)) {
    const way = await tour.world.way(space, known.dst, {
      from: known.src,
      iif,
    });
    const back = await tour.world.way(space, known.src);
    // A way back that leads to another wire is told where the answer takes it.
    const isOnWire = known.state !== "new" ||
      segmentOf(tour.world, end).ends.some((each) =>
        each.space === space && each.iface.name === back.dev
      );
    const isElsewhere = back.dev !== undefined && back.dev !== iif && isOnWire;
    if (!way.dev && isElsewhere) {
      reversePath(tour, space, iif, known.src, way);
    }
  }
  await firewallAt(tour, space, "input", { ...known, iif });
}

/** Whether the one who is reached answers pings at all. */
async function echo(tour: Path, space: Namespace): Promise<void> {
  const key = "net.ipv4.icmp_echo_ignore_all";
  if ((await tour.world.switches(space))[key] !== "1") return;
  tour.add("echo-ignored", {
    params: { who: space.label },
    look: { command: inside(space, shell`sysctl ${key}`) },
    fix: [inside(space, shell`sysctl -w ${key}=0`)],
  });
}

/** The next hop is a neighbour like any other, and passes nothing on. */
function notARouter(
  tour: Path,
  from: End,
  next: string,
  arrival: End,
  to: string,
): boolean {
  if (arrival.space.enter.length === 0) return false;
  if (astray(tour, from.space, to, from.iface.name, next)) return true;
  const wire = segmentOf(tour.world, from);
  const right = tour.lab?.gatewayOf(tour.nameOf(from.space)) ??
    tour.routerOn(wire, from);
  if (!right || right === next) return false;
  wrongGateway(
    tour,
    from,
    next,
    right,
    t`${next} is ${arrival.space.label}, a neighbour and no router.`,
  );
  return true;
}

/**
 * The router's interface by which answers get back to the one who asked.
 *
 * @param gateway the router's address on that wire.
 * @param packet the answer's sender, where the router answers itself.
 */
async function wayBack(
  tour: Path,
  arrival: End,
  gateway: string,
  src: string,
  packet?: Incoming,
): Promise<End | undefined> {
  const { space } = arrival;
  if (tableUnused(tour, space)) return;
  const wire = segmentOf(tour.world, arrival);
  const way = await tour.world.way(space, src, packet);
  const sender = packet?.from ?? tour.question.to;
  if (!way.dev && blocked(tour, space, src, sender)) return;
  const iface = space.ifaces.find(({ name }) => name === way.dev);
  const end = iface && { space, iface };
  if (end && wire.ends.some((each) => same(each, end))) return end;
  const plain = packet && await tour.world.way(space, src);
  const ruled = plain &&
    wire.ends.find((each) =>
      each.space === space && each.iface.name === plain.dev
    );
  if (ruled && way.dev) {
    ruledElsewhere(tour, space, src, [way, plain]);
    return ruled;
  }
  const home = holder(space, gateway) ?? arrival.iface;
  const homeEnd = { space, iface: home };
  if (!home.up) {
    linkDown(tour, homeEnd);
    return homeEnd;
  }
  if (way.dev === home.name) {
    // The right interface, but its own cable is not on this wire; or it is
    // the wrong interface that has the gateway's address.
    if (attachment(tour, homeEnd, src)) {
      const right = tour.lab?.placeOf(gateway)?.link ?? arrival.iface.name;
      gatewayElsewhere(tour, homeEnd, gateway, src, right);
    }
    return homeEnd;
  }
  if (way.type === "local") {
    duplicateHere(tour, space, src, tour.question.from);
    return undefined;
  }
  subnetElsewhere(tour, space, src, way.dev ?? "nowhere", home.name);
  return homeEnd;
}

/** Some neighbour's address, to try the rules for neighbours with. */
function neighbourOf(tour: Path, end: End): string | undefined {
  return segmentOf(tour.world, end).ends
    .filter(({ space }) => space !== end.space && space.enter.length > 0)
    .flatMap(({ iface }) => iface.addresses)[0]?.local;
}
