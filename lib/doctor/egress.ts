/** The first step: out of the namespace that sends. */

import {
  addressMissing,
  addressOnPort,
  arpOff,
  duplicateHere,
  linkDown,
  loopbackDown,
  mainLink,
  prefixWrong,
} from "./link_faults.ts";
import {
  astray,
  blocked,
  noRoute,
  onLinkDefault,
  ownSource,
  tableUnused,
  wrongSource,
} from "./route_faults.ts";
import { holds, inside, linkOf, type Namespace } from "../net/namespace.ts";
import type { Egress, Path } from "./path.ts";
import type { End } from "./segment.ts";
import { diverted, firewallAt } from "./hooks.ts";
import { cableOf } from "./target.ts";

/**
 * Checks that a namespace can send to an address.
 *
 * @param near whether the address is meant to be on the same wire.
 * @returns where the packet leaves, or would leave once what was found is
 * mended; undefined if there is no telling.
 */
export async function egress(
  tour: Path,
  space: Namespace,
  to: string,
  near: boolean,
  kind: "request" | "reply" = "request",
): Promise<Egress | undefined> {
  const card = mainLink(tour, space);
  if (!card) {
    tour.add("link-missing", {
      params: { who: space.label },
      look: { command: inside(space, "ip -brief link show"), line: "" },
      fix: tour.lab?.missing([...cableOf(space.label), space.label])
        .map((line) => whereItsLinkIs(tour, line)),
    });
    return;
  }
  const main: End = { space, iface: card };
  const address = tour.addressOf(main);
  const gateway = tour.gatewayOf(main);
  const intended = tour.lab?.addressOf(tour.nameOf(space), card.name);
  // Who has to be on the same wire.
  const next = near ? to : gateway;
  const guess = (): Egress | undefined => {
    const src = (intended ?? address)?.split("/")[0];
    return next && src ? { end: main, src, next } : undefined;
  };
  if (!card.up) {
    linkDown(tour, main);
    return guess();
  }
  if (card.addresses.length === 0) {
    addressMissing(tour, main);
    return guess();
  }
  if (card.noArp) arpOff(tour, main);
  if (tableUnused(tour, space)) return guess();
  const way = await tour.world.way(space, to);
  const wrongPrefix = prefixWrong(tour, main, next);
  if (intended && !holds(card, intended.split("/")[0])) {
    addressMissing(tour, main);
    return guess();
  }
  if (!way.dev) {
    if (blocked(tour, space, to, guess()?.src) || wrongPrefix) return guess();
    const held = (intended ?? address)!;
    const router = noRoute(tour, main, held, next, near, way);
    const end = guess();
    return end && router ? { ...end, next: router } : end;
  }
  if (way.type === "local") {
    const { name } = tour.question;
    if (name) duplicateHere(tour, space, to, name);
    else loopbackDown(tour, space);
    return guess();
  }
  const dev = linkOf(space, way.dev) ?? card;
  const departure: Egress = {
    end: { space, iface: dev },
    src: ownSource(dev, way.src) ?? dev.addresses[0]?.local ?? guess()?.src ??
      "",
    next: way.via ?? to,
  };
  addressOnPort(tour, departure.end);
  if (near && way.via && !wrongPrefix) {
    astray(tour, space, to, way.dev, way.via);
  }
  if (!near && !way.via && dev.kind === "veth" && !wrongPrefix) {
    onLinkDefault(tour, departure, to, gateway);
  }
  wrongSource(tour, departure, way.src, near);
  const { nat } = await firewallAt(tour, space, "output", {
    kind,
    src: departure.src,
    dst: to,
    oif: dev.name,
    state: kind === "request" ? "new" : "established",
  });
  if (nat && kind === "request") diverted(tour, space, nat, to);
  await tooOld(tour, space, near);
  return departure;
}

/** Packets that start with too small a time to live. */
async function tooOld(
  tour: Path,
  space: Namespace,
  near: boolean,
): Promise<void> {
  const ttl = Number(
    (await tour.world.switches(space))["net.ipv4.ip_default_ttl"] ?? 64,
  );
  // One hop to the gateway, and some twenty to most of the internet.
  if (ttl < (near ? 1 : 2)) {
    tour.add("ttl-too-low", {
      params: { who: space.label, ttl: `${ttl}` },
      look: { command: inside(space, "sysctl net.ipv4.ip_default_ttl") },
      fix: [inside(space, "sysctl -w net.ipv4.ip_default_ttl=64")],
    });
  }
}

/** A link that was moved astray has to be moved from where it is. */
function whereItsLinkIs({ world }: Path, line: string): string {
  const link = line.match(/^ip link set dev (\S+) netns /)?.[1];
  const space = world.others.find((each) => linkOf(each, link));
  return link && space ? inside(space, line) : line;
}
