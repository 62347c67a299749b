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
import type { End } from "../net/segment.ts";
import { diverted, firewallAt } from "./hooks.ts";
import { cableOf } from "./target.ts";

/**
 * Checks that a namespace can send to an address.
 *
 * @param near whether the address is meant to be on the same segment.
 * @returns where the packet leaves, or would leave once what was found is
 * mended; undefined if there is no telling.
 */
export async function egress(
  path: Path,
  namespace: Namespace,
  to: string,
  near: boolean,
  kind: "request" | "reply" = "request",
): Promise<Egress | undefined> {
  const card = mainLink(path, namespace);
  if (!card) {
    path.add("link-missing", {
      params: { who: namespace.label },
      look: { command: inside(namespace, "ip -brief link show"), line: "" },
      fix: path.lab?.missing([...cableOf(namespace.label), namespace.label])
        .map((line) => whereItsLinkIs(path, line)),
    });
    return;
  }
  const main: End = { namespace, link: card };
  const address = path.addressOf(main);
  const gateway = path.gatewayOf(main);
  const intended = path.lab?.addressOf(path.nameOf(namespace), card.name);
  // Who has to be on the same segment.
  const next = near ? to : gateway;
  const guess = (): Egress | undefined => {
    const src = (intended ?? address)?.split("/")[0];
    return next && src ? { end: main, src, next } : undefined;
  };
  if (!card.up) {
    linkDown(path, main);
    return guess();
  }
  if (card.addresses.length === 0) {
    addressMissing(path, main);
    return guess();
  }
  if (card.noArp) arpOff(path, main);
  if (tableUnused(path, namespace)) return guess();
  const lookup = await path.network.routeLookup(namespace, to);
  const wrongPrefix = prefixWrong(path, main, next);
  if (intended && !holds(card, intended.split("/")[0])) {
    addressMissing(path, main);
    return guess();
  }
  if (!lookup.dev) {
    if (blocked(path, namespace, to, guess()?.src) || wrongPrefix) {
      return guess();
    }
    const held = (intended ?? address)!;
    const router = noRoute(path, main, held, next, near, lookup);
    const end = guess();
    return end && router ? { ...end, next: router } : end;
  }
  if (lookup.type === "local") {
    const { name } = path.question;
    if (name) duplicateHere(path, namespace, to, name);
    else loopbackDown(path, namespace);
    return guess();
  }
  const dev = linkOf(namespace, lookup.dev) ?? card;
  const departure: Egress = {
    end: { namespace, link: dev },
    src: ownSource(dev, lookup.src) ?? dev.addresses[0]?.local ??
      guess()?.src ??
      "",
    next: lookup.via ?? to,
  };
  addressOnPort(path, departure.end);
  if (near && lookup.via && !wrongPrefix) {
    astray(path, namespace, to, lookup.dev, lookup.via);
  }
  if (!near && !lookup.via && dev.kind === "veth" && !wrongPrefix) {
    onLinkDefault(path, departure, to, gateway);
  }
  wrongSource(path, departure, lookup.src, near);
  const { nat } = await firewallAt(path, namespace, "output", {
    kind,
    src: departure.src,
    dst: to,
    oif: dev.name,
    state: kind === "request" ? "new" : "established",
  });
  if (nat && kind === "request") diverted(path, namespace, nat, to);
  await tooOld(path, namespace, near);
  return departure;
}

/** Packets that start with too small a time to live. */
async function tooOld(
  path: Path,
  namespace: Namespace,
  near: boolean,
): Promise<void> {
  const ttl = Number(
    (await path.network.sysctls(namespace))["net.ipv4.ip_default_ttl"] ?? 64,
  );
  // One hop to the gateway, and some twenty to most of the internet.
  if (ttl < (near ? 1 : 2)) {
    path.add("ttl-too-low", {
      params: { who: namespace.label, ttl: `${ttl}` },
      look: { command: inside(namespace, "sysctl net.ipv4.ip_default_ttl") },
      fix: [inside(namespace, "sysctl -w net.ipv4.ip_default_ttl=64")],
    });
  }
}

/** A link that was moved astray has to be moved from where it is. */
function whereItsLinkIs({ network }: Path, line: string): string {
  const link = line.match(/^ip link set dev (\S+) netns /)?.[1];
  const namespace = network.others.find((each) => linkOf(each, link));
  return link && namespace ? inside(namespace, line) : line;
}
