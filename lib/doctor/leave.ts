/** The first step: out of the namespace that sends. */

import { covers, network } from "./address.ts";
import {
  addressMissing,
  addressOnPort,
  arpOff,
  linkDown,
  mainCard,
} from "./card.ts";
import { type Iface, iface, inside, type Space } from "./space.ts";
import type { Tour } from "./tour.ts";
import { type End, wireOf } from "./wire.ts";
import { diverted, firewallAt } from "./hooks.ts";
import { cableOf } from "./target.ts";

/** Where a packet leaves, and to whom it is handed. */
export interface Departure {
  /** The interface. */
  end: End;
  /** The sender's address. */
  src: string;
  /** The neighbour that the frame is for. */
  next: string;
}

/**
 * Checks that a namespace can send to an address.
 *
 * @param near whether the address is meant to be on the same wire.
 * @returns where the packet leaves, or would leave once what was found is
 * mended; undefined if there is no telling.
 */
export async function leave(
  tour: Tour,
  space: Space,
  to: string,
  near: boolean,
  kind: "request" | "reply" = "request",
): Promise<Departure | undefined> {
  const card = mainCard(tour, space);
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
  const guess = (): Departure | undefined => {
    const next = near ? to : gateway;
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
  const wrongPrefix = prefixWrong(tour, main, near ? to : gateway);
  if (intended && !holds(card, intended.split("/")[0])) {
    addressMissing(tour, main);
    return guess();
  }
  if (!way.dev) {
    if (blocked(tour, space, to, guess()?.src)) return guess();
    if (wrongPrefix) return guess();
    const neighbour = near ? to : gateway ?? "";
    const isRouted = space.routes.some((route) =>
      !route.via && route.to !== "default" && covers(route.to, neighbour)
    );
    if (near || (covers(network(address!), neighbour) && !isRouted)) {
      const net = network(address!);
      if (covers(net, neighbour)) {
        tour.add("neighbour-route-missing", {
          params: { who: space.label, network: net },
          look: [
            { command: inside(space, "ip route show"), line: "" },
            { command: way.command, line: way.words },
          ],
          fix: [
            inside(
              space,
              `ip route add ${net} dev ${card.name} src ${guess()?.src}`,
            ),
            ...tour.defaultRouteFix(main),
          ],
        });
      }
      return guess();
    }
    const known = gateway ?? tour.routerOn(wireOf(tour.world, main), main);
    tour.add("no-default-route", {
      params: { who: space.label },
      look: [
        { command: inside(space, "ip route show"), line: "" },
        { command: way.command, line: way.words },
      ],
      fix: known ? [inside(space, `ip route add default via ${known}`)] : [],
    });
    const end = guess();
    return end && known ? { ...end, next: known } : end;
  }
  if (way.type === "local") {
    duplicateHere(tour, space, to, tour.question.name ?? "another");
    return guess();
  }
  const dev = iface(space, way.dev) ?? card;
  const departure: Departure = {
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
  return departure;
}

/** A link that was moved astray has to be moved from where it is. */
function whereItsLinkIs({ world }: Tour, line: string): string {
  const link = line.match(/^ip link set dev (\S+) netns /)?.[1];
  const space = world.others.find((each) => iface(each, link));
  return link && space ? inside(space, line) : line;
}

const holds = (card: Iface, address: string): boolean =>
  card.addresses.some(({ local }) => local === address);

/** The sender that the kernel would write, if the interface has it at all. */
function ownSource(card: Iface, src?: string): string | undefined {
  return card.addresses.length === 0 || (src && holds(card, src))
    ? src
    : undefined;
}

/** A default route that writes a sender which is not the card's own. */
function wrongSource(
  tour: Tour,
  { end: { space, iface }, next }: Departure,
  src: string | undefined,
  near: boolean,
): void {
  const isOwn = iface.addresses.some(({ local }) => local === src);
  if (near || !src || isOwn || iface.addresses.length === 0) return;
  tour.add("source-wrong", {
    params: { who: space.label, address: src, dev: iface.name },
    look: { command: inside(space, "ip route show default"), line: "src" },
    fix: [
      inside(space, `ip route replace default via ${next} dev ${iface.name}`),
    ],
  });
}

/** A prefix that differs from what the others on the wire have. */
function prefixWrong(tour: Tour, end: End, next?: string): boolean {
  const { space, iface } = end;
  const wire = wireOf(tour.world, end);
  const [{ local, length }] = iface.addresses;
  const right = tour.lengthOn(wire, end, local);
  if (right === undefined || right === length) return false;
  if (iface.addresses.some((each) => each.length === right)) return false;
  const reaches = next !== undefined && covers(`${local}/${length}`, next);
  const routed = space.routes.some(({ to, via }) =>
    next && !via && to !== "default" && covers(to, next)
  );
  const wide = length < right;
  tour.add("prefix-wrong", {
    params: {
      who: space.label,
      address: `${local}/${length}`,
      length: `${right}`,
      dev: iface.name,
    },
    look: {
      command: inside(space, `ip -4 -brief addr show dev ${iface.name}`),
    },
    fix: [
      inside(space, `ip addr add ${local}/${right} dev ${iface.name}`),
      inside(space, `ip addr del ${local}/${length} dev ${iface.name}`),
      ...tour.defaultRouteFix(end),
    ],
    breaks: !wide && !reaches && !routed,
  });
  return true;
}

const isFor = (prefix: string, address?: string): boolean =>
  prefix === "all" || address === undefined || covers(prefix, address);

/** A route, or a routing rule, that forbids what it covers. */
export function blocked(
  tour: Tour,
  space: Space,
  to: string,
  from?: string,
): boolean {
  const rule = space.refusals.find((rule) =>
    isFor(rule.to, to) && isFor(rule.from, from)
  );
  if (rule) {
    tour.add("rule-blocks", {
      params: { who: space.label, to, action: rule.action },
      look: {
        command: inside(space, "ip rule show"),
        line: `${rule.priority}:`,
      },
      fix: [inside(space, `ip rule del priority ${rule.priority}`)],
    });
    return true;
  }
  const route = space.routes
    .filter(({ type }) =>
      ["blackhole", "unreachable", "prohibit", "throw"].includes(type)
    )
    .find((route) => covers(route.to, to));
  if (!route) return false;
  const table = route.table === "main" ? "" : ` table ${route.table}`;
  tour.add("route-blocks", {
    params: { who: space.label, to, type: route.type },
    look: {
      command: inside(space, `ip route show type ${route.type}${table}`),
      line: route.to,
    },
    fix: [inside(space, `ip route del ${route.type} ${route.to}${table}`)],
  });
  return true;
}

/** A routing table that a kernel starts with, and that no rule leads to. */
export function tableUnused(tour: Tour, space: Space): boolean {
  const table = ["local", "main"].find((name) => !space.lookups.includes(name));
  if (!table) return false;
  const priority = { local: 0, main: 32766 }[table];
  tour.add("routing-rule-missing", {
    params: { who: space.label, table },
    look: { command: inside(space, "ip rule show"), line: "" },
    fix: [inside(space, `ip rule add priority ${priority} lookup ${table}`)],
  });
  return true;
}

/** A route for less than all the world that leads a packet away. */
export function astray(
  tour: Tour,
  space: Space,
  to: string,
  dev: string,
  via?: string,
): boolean {
  const route = space.routes
    .filter(({ table }) => table === "main")
    .find((route) =>
      route.to !== "default" && route.dev === dev && route.via === via &&
      covers(route.to, to)
    );
  if (!route) return false;
  tour.add("route-astray", {
    params: { who: space.label, to, dev, via: via ? ` via ${via}` : "" },
    look: { command: inside(space, `ip route get ${to}`) },
    fix: [
      inside(
        space,
        `ip route del ${route.to}${via ? ` via ${via}` : ""} dev ${dev}`,
      ),
    ],
  });
  return true;
}

/** An address that is `who`'s is held by this namespace as well. */
export function duplicateHere(
  tour: Tour,
  space: Space,
  to: string,
  who: string,
): void {
  const card = space.ifaces.find((card) => holds(card, to));
  const held = card?.addresses.find(({ local }) => local === to);
  if (!card || !held) return;
  tour.add("address-duplicate", {
    params: {
      address: to,
      who,
      other: space.label,
    },
    look: {
      command: inside(space, `ip -4 -brief addr show dev ${card.name}`),
      line: to,
    },
    fix: [inside(space, `ip addr del ${to}/${held.length} dev ${card.name}`)],
  });
}

/** A default route without a gateway: all the world would be a neighbour. */
function onLinkDefault(
  tour: Tour,
  { end: { space, iface }, next }: Departure,
  to: string,
  gateway?: string,
): void {
  const right = gateway ??
    tour.routerOn(wireOf(tour.world, { space, iface }), { space, iface });
  if (!right || next !== to) return;
  const route = space.routes.find((route) =>
    route.table === "main" && route.dev === iface.name && !route.via &&
    covers(route.to, to)
  );
  if (route && route.to !== "default") {
    astray(tour, space, to, iface.name);
    return;
  }
  tour.add("gateway-wrong", {
    params: {
      who: space.label,
      wrong: `${iface.name} with no gateway`,
      gateway: right,
      reason:
        `So ${space.label} takes ${to} for a neighbour and asks the wire who it is.`,
    },
    look: { command: inside(space, "ip route show default") },
    fix: [
      inside(space, `ip route replace default via ${right} dev ${iface.name}`),
    ],
  });
}
