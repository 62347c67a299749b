/** The router's step: whether and how it passes a packet on. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import { diverted, firewallAt, type Known } from "./hooks.ts";
import { blocked, tableUnused } from "./route_faults.ts";
import type { Action, Rule } from "../net/firewall/ruleset.ts";
import { inside, isStrict, linkOf, type Namespace } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { noWayOut } from "./uplink.ts";
import { type End, same, segmentOf } from "./segment.ts";
import type { RouteLookup } from "./world.ts";

/** How a router passes a packet on. */
export interface Forwarding {
  /** Where it leaves. */
  end: End;
  /** The neighbour that it is handed to. */
  next: string;
  /** How its addresses are rewritten. */
  nat?: { rule: Rule; action: Action };
  /** It is dropped as it leaves. */
  isLost: boolean;
  /** Whether connection tracking, and with it NAT, sees it. */
  untracked?: Rule;
}

/**
 * Takes a packet through a router, from the interface where it came in to the
 * one where it leaves, past every hook in the kernel's order.
 */
export async function forward(
  tour: Path,
  arrival: End,
  known: Known,
): Promise<Forwarding | undefined> {
  const { space, iface: { name: iif } } = arrival;
  if (tableUnused(tour, space)) return;
  const before = await firewallAt(tour, space, "prerouting", { ...known, iif });
  const isFirst = known.state === "new";
  if (isFirst && before.nat) diverted(tour, space, before.nat, known.dst);
  if (before.aged && before.packet.ttl < 2) {
    tour.add("ttl-too-low", {
      params: { who: tour.question.from, ttl: `${before.packet.ttl}` },
      look: { command: before.aged.show, line: before.aged.line },
      fix: [before.aged.remove],
    });
  }
  const way = await chooseWay(tour, arrival, {
    ...known,
    mark: before.packet.mark,
  });
  if (way === "blocked") return;
  const out = way && linkOf(space, way.dev);
  if (!way || !out) {
    if (isFirst) noWayOut(tour, arrival, known);
    return;
  }
  const packet: Known = {
    ...known,
    state: before.untracked ? "untracked" : known.state,
    mark: before.packet.mark,
    iif,
    oif: out.name,
  };
  await firewallAt(tour, space, "forward", packet);
  const after = await firewallAt(tour, space, "postrouting", {
    ...packet,
    iif: undefined,
    masqueraded: out.addresses[0]?.local,
  });
  return {
    end: { space, iface: out },
    next: way.via ?? known.dst,
    nat: after.nat,
    isLost: after.dropped !== undefined,
    untracked: before.untracked,
  };
}

/** The kernel's way for the packet; says why where it refuses. */
async function chooseWay(
  tour: Path,
  arrival: End,
  { src, dst, state, mark }: Known,
): Promise<RouteLookup | "blocked" | undefined> {
  const { space, iface: { name: iif } } = arrival;
  const { world } = tour;
  const way = await world.way(space, dst, { from: src, iif, mark });
  if (way.dev) return way;
  if (space.conf[iif] && !space.conf[iif].forwarding) {
    forwardingOff(tour, space, iif);
  } else if (/Invalid argument|cross-device/i.test(way.words)) {
    const back = await world.way(space, src);
    const hears = linkOf(space, back.dev);
    const isOnWire = hears &&
      segmentOf(world, arrival).ends.some((end) =>
        same(end, { space, iface: hears })
      );
    if (
      isStrict(space, iif) && back.dev !== iif && (isOnWire || state !== "new")
    ) {
      reversePath(tour, space, iif, src, way);
    } else if (back.dev && back.type !== "local") {
      // The way back is checked again when the answer takes it.
    }
  }
  if (blocked(tour, space, dst, src)) return "blocked";
  const plain = await world.way(space, dst);
  return plain.dev ? plain : undefined;
}

function forwardingOff(tour: Path, space: Namespace, iif: string): void {
  if (space.conf.all?.forwarding) {
    const key = `net.ipv4.conf.${iif.replaceAll(".", "/")}.forwarding`;
    tour.add("forwarding-off-interface", {
      params: { who: space.label, dev: iif },
      look: { command: inside(space, shell`sysctl ${key}`) },
      fix: [inside(space, shell`sysctl -w ${key}=1`)],
    });
    return;
  }
  tour.add("forwarding-off", {
    params: { who: space.label },
    look: { command: inside(space, "sysctl net.ipv4.ip_forward") },
    fix: [inside(space, "sysctl -w net.ipv4.ip_forward=1")],
  });
}

/** A packet that the strict reverse path filter drops. */
export function reversePath(
  tour: Path,
  space: Namespace,
  iif: string,
  address: string,
  way: RouteLookup,
): void {
  const key = `net.ipv4.conf.${iif.replaceAll(".", "/")}.rp_filter`;
  tour.add("reverse-path-filter", {
    params: { who: space.label, dev: iif, address },
    look: [
      {
        command: inside(
          space,
          shell`sysctl net.ipv4.conf.all.rp_filter ${key}`,
        ),
        line: "= 1",
      },
      { command: way.command, line: way.words },
    ],
    fix: [inside(space, shell`sysctl -w ${key}=2`)],
  });
}

/** The router sends answers for an address out by another wire. */
export function subnetElsewhere(
  tour: Path,
  space: Namespace,
  address: string,
  wrong: string,
  right: string,
): void {
  const route = space.routes.find(({ to, dev, table }) =>
    dev === wrong && table === "main" && to !== "default" && covers(to, address)
  );
  const card = linkOf(space, wrong);
  const cause = card?.addresses.find(({ local, length }) =>
    covers(`${local}/${length}`, address)
  );
  const fix = cause && !route?.via
    ? shell`ip addr del ${cause.local}/${cause.length} dev ${wrong}`
    : route
    ? shell`ip route del ${route.to} ${
      route.via ? ["via", route.via] : []
    } dev ${wrong}`
    : undefined;
  tour.add(route || !right ? "subnet-elsewhere" : "no-way-back", {
    params: { who: space.label, address, wrong, dev: right },
    look: { command: inside(space, shell`ip route get ${address}`) },
    fix: fix ? [inside(space, fix)] : right
      ? [
        inside(
          space,
          shell`ip route add ${tour.networkOf(address)} dev ${right}`,
        ),
      ]
      : [],
  });
}

/** A routing rule leads the answers of one sender elsewhere, the others right. */
export function ruledElsewhere(
  tour: Path,
  space: Namespace,
  address: string,
  [wrong, right]: [RouteLookup, RouteLookup],
): void {
  tour.add("subnet-elsewhere", {
    params: {
      who: space.label,
      address,
      wrong: wrong.dev ?? "nowhere",
      dev: right.dev ?? "",
    },
    look: [
      { command: wrong.command },
      { command: inside(space, "ip rule show"), line: "" },
    ],
  });
}

/** The gateway's address is on an interface of another wire, and its route. */
export function gatewayElsewhere(
  tour: Path,
  { space, iface: { name, addresses } }: End,
  gateway: string,
  address: string,
  right: string,
): void {
  const held = addresses.find(({ local }) => local === gateway);
  if (!held || name === right) return;
  tour.add("subnet-elsewhere", {
    params: { who: space.label, address, wrong: name, dev: right },
    look: { command: inside(space, shell`ip route get ${address}`) },
    fix: [
      inside(space, shell`ip addr del ${gateway}/${held.length} dev ${name}`),
      inside(space, shell`ip addr add ${gateway}/${held.length} dev ${right}`),
    ],
  });
}
