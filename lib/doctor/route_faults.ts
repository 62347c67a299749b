/** What may be wrong with the routes of a namespace that sends. */

import { shell } from "../cli/shell.ts";
import { covers, network } from "../net/ipv4.ts";
import {
  inside,
  linkOf,
  type Namespace,
  type Route,
} from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { type End, segmentOf } from "../net/segment.ts";
import type { RouteLookup } from "../net/network.ts";
import type { Crossing } from "./crossings.ts";
import { t } from "../cli/translate.ts";

/**
 * The kernel knows no way at all: says which route is missing.
 *
 * @param address the sender's, with its prefix.
 * @param neighbour who would have to be on the same segment: the target, or the
 * gateway.
 * @returns the router that a default route would lead to, if it is that one.
 */
export function noRoute(
  path: Path,
  main: End,
  address: string,
  neighbour: string | undefined,
  near: boolean,
  lookup: RouteLookup,
): string | undefined {
  const { namespace, link } = main;
  const net = network(address);
  const look = [
    { command: inside(namespace, "ip route show"), line: "" },
    { command: lookup.command, line: lookup.words },
  ];
  const isNear = covers(net, neighbour ?? "");
  const isRouted = namespace.routes.some((route) =>
    !route.via && route.to !== "default" && covers(route.to, neighbour ?? "")
  );
  if (near || (isNear && !isRouted)) {
    if (!isNear) return undefined;
    const src = address.split("/")[0];
    path.add("neighbour-route-missing", {
      params: { who: namespace.label, network: net },
      look,
      fix: [
        inside(
          namespace,
          shell`ip route add ${net} dev ${link.name} src ${src}`,
        ),
        ...path.defaultRouteFix(main),
      ],
    });
    return undefined;
  }
  const router = neighbour ??
    path.routerOn(segmentOf(path.network, main), main);
  path.add("no-default-route", {
    params: { who: namespace.label },
    look,
    fix: router
      ? [inside(namespace, shell`ip route add default via ${router}`)]
      : [],
  });
  return router;
}

/** A routing table that a kernel starts with, and that no rule leads to. */
export function tableUnused(path: Path, namespace: Namespace): boolean {
  const { lookups } = namespace;
  // A kernel without policy routing has no rules, and needs none.
  if (lookups.length === 0) return false;
  const table = ["local", "main"].find((name) => !lookups.includes(name));
  if (!table) return false;
  const priority = { local: 0, main: 32766 }[table];
  path.add("routing-rule-missing", {
    params: { who: namespace.label, table },
    look: { command: inside(namespace, "ip rule show"), line: "" },
    fix: [
      inside(
        namespace,
        shell`ip rule add priority ${priority} lookup ${table}`,
      ),
    ],
  });
  return true;
}

const isFor = (prefix: string, address?: string): boolean =>
  prefix === "all" || address === undefined || covers(prefix, address);

/** A route, or a routing rule, that forbids what it covers. */
export function blocked(
  path: Path,
  namespace: Namespace,
  to: string,
  from?: string,
): boolean {
  const rule = namespace.refusals.find((rule) =>
    isFor(rule.to, to) && isFor(rule.from, from)
  );
  if (rule) {
    path.add("rule-blocks", {
      params: { who: namespace.label, to, action: rule.action },
      look: {
        command: inside(namespace, "ip rule show"),
        line: `${rule.priority}:`,
      },
      fix: [inside(namespace, shell`ip rule del priority ${rule.priority}`)],
    });
    return true;
  }
  const route = namespace.routes
    .filter(({ type }) =>
      ["blackhole", "unreachable", "prohibit", "throw"].includes(type)
    )
    .find((route) => covers(route.to, to));
  if (!route) return false;
  const table = route.table === "main" ? [] : ["table", route.table];
  path.add("route-blocks", {
    params: { who: namespace.label, to, type: route.type },
    look: {
      command: inside(
        namespace,
        shell`ip route show type ${route.type} ${table}`,
      ),
      line: route.to,
    },
    fix: [
      inside(namespace, shell`ip route del ${route.type} ${route.to} ${table}`),
    ],
  });
  return true;
}

/** A route to the neighbours: it came with an address, or stands for one. */
export function isConnected(namespace: Namespace, route: Route): boolean {
  if (route.type !== "unicast" || route.via) return false;
  const card = linkOf(namespace, route.dev);
  return route.protocol === "kernel" ||
    (card?.addresses ?? []).some(({ local, length }) =>
      network(`${local}/${length}`) === route.to
    );
}

/** A route for less than all the network that leads a packet away. */
export function astray(
  path: Path,
  namespace: Namespace,
  to: string,
  dev: string,
  via?: string,
): boolean {
  const route = namespace.routes
    .filter(({ table }) => table === "main")
    .find((route) =>
      route.to !== "default" && route.dev === dev && route.via === via &&
      covers(route.to, to) && !isConnected(namespace, route)
    );
  if (!route) return false;
  path.add("route-astray", {
    params: { who: namespace.label, to, dev, via: via ? ` via ${via}` : "" },
    look: { command: inside(namespace, shell`ip route get ${to}`) },
    fix: [
      inside(
        namespace,
        shell`ip route del ${route.to} ${via ? ["via", via] : []} dev ${dev}`,
      ),
    ],
  });
  return true;
}

/** A default route without a gateway: all the network would be a neighbour. */
export function onLinkDefault(
  path: Path,
  { from: { namespace, link }, next }: Crossing,
  to: string,
  gateway?: string,
): void {
  const right = gateway ??
    path.routerOn(segmentOf(path.network, { namespace, link }), {
      namespace,
      link,
    });
  if (!right || next !== to) return;
  const route = namespace.routes.find((route) =>
    route.table === "main" && route.dev === link.name && !route.via &&
    covers(route.to, to)
  );
  if (route && route.to !== "default") {
    astray(path, namespace, to, link.name);
    return;
  }
  path.add("gateway-wrong", {
    params: {
      who: namespace.label,
      wrong: t`${link.name} with no gateway`,
      gateway: right,
      reason:
        t`So ${namespace.label} takes ${to} for a neighbour and asks the wire who it is.`,
    },
    look: { command: inside(namespace, "ip route show default") },
    fix: [
      inside(
        namespace,
        shell`ip route replace default via ${right} dev ${link.name}`,
      ),
    ],
  });
}

/** A default route that writes a sender which is not the card's own. */
export function wrongSource(
  path: Path,
  { from: { namespace, link }, next }: Crossing,
  src: string | undefined,
  near: boolean,
): void {
  const isOwn = link.addresses.some(({ local }) => local === src);
  if (near || !src || isOwn || link.addresses.length === 0) return;
  path.add("source-wrong", {
    params: { who: namespace.label, address: src, dev: link.name },
    look: { command: inside(namespace, "ip route show default"), line: "src" },
    fix: [
      inside(
        namespace,
        shell`ip route replace default via ${next} dev ${link.name}`,
      ),
    ],
  });
}
