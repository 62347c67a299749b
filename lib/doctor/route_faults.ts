/** What may be wrong with the routes of a namespace that sends. */

import { shell } from "../cli/shell.ts";
import { covers, network } from "../net/ipv4.ts";
import {
  holds,
  inside,
  type Link,
  linkOf,
  type Namespace,
  type Route,
} from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { type End, segmentOf } from "./segment.ts";
import type { RouteLookup } from "./world.ts";
import type { Egress } from "./path.ts";
import { t } from "../cli/translate.ts";

/**
 * The kernel knows no way at all: says which route is missing.
 *
 * @param address the sender's, with its prefix.
 * @param neighbour who would have to be on the same wire: the target, or the
 * gateway.
 * @returns the router that a default route would lead to, if it is that one.
 */
export function noRoute(
  tour: Path,
  main: End,
  address: string,
  neighbour: string | undefined,
  near: boolean,
  way: RouteLookup,
): string | undefined {
  const { space, iface } = main;
  const net = network(address);
  const look = [
    { command: inside(space, "ip route show"), line: "" },
    { command: way.command, line: way.words },
  ];
  const isNear = covers(net, neighbour ?? "");
  const isRouted = space.routes.some((route) =>
    !route.via && route.to !== "default" && covers(route.to, neighbour ?? "")
  );
  if (near || (isNear && !isRouted)) {
    if (!isNear) return undefined;
    const src = address.split("/")[0];
    tour.add("neighbour-route-missing", {
      params: { who: space.label, network: net },
      look,
      fix: [
        inside(space, shell`ip route add ${net} dev ${iface.name} src ${src}`),
        ...tour.defaultRouteFix(main),
      ],
    });
    return undefined;
  }
  const router = neighbour ?? tour.routerOn(segmentOf(tour.world, main), main);
  tour.add("no-default-route", {
    params: { who: space.label },
    look,
    fix: router
      ? [inside(space, shell`ip route add default via ${router}`)]
      : [],
  });
  return router;
}

/** A routing table that a kernel starts with, and that no rule leads to. */
export function tableUnused(tour: Path, space: Namespace): boolean {
  const { lookups } = space;
  // A kernel without policy routing has no rules, and needs none.
  if (lookups.length === 0) return false;
  const table = ["local", "main"].find((name) => !lookups.includes(name));
  if (!table) return false;
  const priority = { local: 0, main: 32766 }[table];
  tour.add("routing-rule-missing", {
    params: { who: space.label, table },
    look: { command: inside(space, "ip rule show"), line: "" },
    fix: [
      inside(space, shell`ip rule add priority ${priority} lookup ${table}`),
    ],
  });
  return true;
}

const isFor = (prefix: string, address?: string): boolean =>
  prefix === "all" || address === undefined || covers(prefix, address);

/** A route, or a routing rule, that forbids what it covers. */
export function blocked(
  tour: Path,
  space: Namespace,
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
      fix: [inside(space, shell`ip rule del priority ${rule.priority}`)],
    });
    return true;
  }
  const route = space.routes
    .filter(({ type }) =>
      ["blackhole", "unreachable", "prohibit", "throw"].includes(type)
    )
    .find((route) => covers(route.to, to));
  if (!route) return false;
  const table = route.table === "main" ? [] : ["table", route.table];
  tour.add("route-blocks", {
    params: { who: space.label, to, type: route.type },
    look: {
      command: inside(space, shell`ip route show type ${route.type} ${table}`),
      line: route.to,
    },
    fix: [
      inside(space, shell`ip route del ${route.type} ${route.to} ${table}`),
    ],
  });
  return true;
}

/** A route to the neighbours: it came with an address, or stands for one. */
export function isConnected(space: Namespace, route: Route): boolean {
  if (route.type !== "unicast" || route.via) return false;
  const card = linkOf(space, route.dev);
  return route.protocol === "kernel" ||
    (card?.addresses ?? []).some(({ local, length }) =>
      network(`${local}/${length}`) === route.to
    );
}

/** A route for less than all the world that leads a packet away. */
export function astray(
  tour: Path,
  space: Namespace,
  to: string,
  dev: string,
  via?: string,
): boolean {
  const route = space.routes
    .filter(({ table }) => table === "main")
    .find((route) =>
      route.to !== "default" && route.dev === dev && route.via === via &&
      covers(route.to, to) && !isConnected(space, route)
    );
  if (!route) return false;
  tour.add("route-astray", {
    params: { who: space.label, to, dev, via: via ? ` via ${via}` : "" },
    look: { command: inside(space, shell`ip route get ${to}`) },
    fix: [
      inside(
        space,
        shell`ip route del ${route.to} ${via ? ["via", via] : []} dev ${dev}`,
      ),
    ],
  });
  return true;
}

/** A default route without a gateway: all the world would be a neighbour. */
export function onLinkDefault(
  tour: Path,
  { end: { space, iface }, next }: Egress,
  to: string,
  gateway?: string,
): void {
  const right = gateway ??
    tour.routerOn(segmentOf(tour.world, { space, iface }), { space, iface });
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
      wrong: t`${iface.name} with no gateway`,
      gateway: right,
      reason:
        t`So ${space.label} takes ${to} for a neighbour and asks the wire who it is.`,
    },
    look: { command: inside(space, "ip route show default") },
    fix: [
      inside(
        space,
        shell`ip route replace default via ${right} dev ${iface.name}`,
      ),
    ],
  });
}

/** The sender that the kernel would write, if the interface has it at all. */
export function ownSource(card: Link, src?: string): string | undefined {
  return card.addresses.length === 0 || (src && holds(card, src))
    ? src
    : undefined;
}

/** A default route that writes a sender which is not the card's own. */
export function wrongSource(
  tour: Path,
  { end: { space, iface }, next }: Egress,
  src: string | undefined,
  near: boolean,
): void {
  const isOwn = iface.addresses.some(({ local }) => local === src);
  if (near || !src || isOwn || iface.addresses.length === 0) return;
  tour.add("source-wrong", {
    params: { who: space.label, address: src, dev: iface.name },
    look: { command: inside(space, "ip route show default"), line: "src" },
    fix: [
      inside(
        space,
        shell`ip route replace default via ${next} dev ${iface.name}`,
      ),
    ],
  });
}
