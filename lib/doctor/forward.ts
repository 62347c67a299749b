/** The router's step: whether and how it passes a packet on. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import { diverted, firewallAt, type Known } from "./hooks.ts";
import { blocked, tableUnused } from "./route_faults.ts";
import type { Translation } from "../net/firewall/pass_hook.ts";
import type { Rule } from "../net/firewall/ruleset.ts";
import { inside, isStrict, linkOf, type Namespace } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { noWayOut } from "./uplink.ts";
import { type End, same, segmentOf } from "../net/segment.ts";
import type { RouteLookup } from "../net/network.ts";

/** How a router passes a packet on. */
export interface Forwarding {
  /** Where it leaves. */
  end: End;
  /** The neighbour that it is handed to. */
  next: string;
  /** How its addresses are rewritten. */
  nat?: Translation;
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
  path: Path,
  arrival: End,
  known: Known,
): Promise<Forwarding | undefined> {
  const { namespace, link: { name: iif } } = arrival;
  if (tableUnused(path, namespace)) return;
  const before = await firewallAt(path, namespace, "prerouting", {
    ...known,
    iif,
  });
  const isFirst = known.state === "new";
  if (isFirst && before.nat) diverted(path, namespace, before.nat, known.dst);
  if (before.aged && before.packet.ttl < 2) {
    path.add("ttl-too-low", {
      params: { who: path.question.from, ttl: `${before.packet.ttl}` },
      look: { command: before.aged.show, line: before.aged.line },
      fix: [before.aged.remove],
    });
  }
  const lookup = await chooseWay(path, arrival, {
    ...known,
    mark: before.packet.mark,
  });
  if (lookup === "blocked") return;
  const out = lookup && linkOf(namespace, lookup.dev);
  if (!lookup || !out) {
    if (isFirst) noWayOut(path, arrival, known);
    return;
  }
  const packet: Known = {
    ...known,
    state: before.untracked ? "untracked" : known.state,
    mark: before.packet.mark,
    iif,
    oif: out.name,
  };
  await firewallAt(path, namespace, "forward", packet);
  const after = await firewallAt(path, namespace, "postrouting", {
    ...packet,
    iif: undefined,
    masquerade: out.addresses[0]?.local,
  });
  return {
    end: { namespace, link: out },
    next: lookup.via ?? known.dst,
    nat: after.nat,
    isLost: after.dropped,
    untracked: before.untracked,
  };
}

/** The kernel's way for the packet; says why where it refuses. */
async function chooseWay(
  path: Path,
  arrival: End,
  { src, dst, state, mark }: Known,
): Promise<RouteLookup | "blocked" | undefined> {
  const { namespace, link: { name: iif } } = arrival;
  const { network } = path;
  const lookup = await network.routeLookup(namespace, dst, {
    from: src,
    iif,
    mark,
  });
  if (lookup.dev) return lookup;
  if (namespace.conf[iif] && !namespace.conf[iif].forwarding) {
    forwardingOff(path, namespace, iif);
  } else if (/Invalid argument|cross-device/i.test(lookup.words)) {
    const back = await network.routeLookup(namespace, src);
    const hears = linkOf(namespace, back.dev);
    const isOnSegment = hears &&
      segmentOf(network, arrival).ends.some((end) =>
        same(end, { namespace, link: hears })
      );
    if (
      isStrict(namespace, iif) && back.dev !== iif &&
      (isOnSegment || state !== "new")
    ) {
      reversePath(path, namespace, iif, src, lookup);
    } else if (back.dev && back.type !== "local") {
      // The way back is checked again when the answer takes it.
    }
  }
  if (blocked(path, namespace, dst, src)) return "blocked";
  const plain = await network.routeLookup(namespace, dst);
  return plain.dev ? plain : undefined;
}

function forwardingOff(path: Path, namespace: Namespace, iif: string): void {
  if (namespace.conf.all?.forwarding) {
    const key = `net.ipv4.conf.${iif.replaceAll(".", "/")}.forwarding`;
    path.add("forwarding-off-interface", {
      params: { who: namespace.label, dev: iif },
      look: { command: inside(namespace, shell`sysctl ${key}`) },
      fix: [inside(namespace, shell`sysctl -w ${key}=1`)],
    });
    return;
  }
  path.add("forwarding-off", {
    params: { who: namespace.label },
    look: { command: inside(namespace, "sysctl net.ipv4.ip_forward") },
    fix: [inside(namespace, "sysctl -w net.ipv4.ip_forward=1")],
  });
}

/** A packet that the strict reverse path filter drops. */
export function reversePath(
  path: Path,
  namespace: Namespace,
  iif: string,
  address: string,
  lookup: RouteLookup,
): void {
  const key = `net.ipv4.conf.${iif.replaceAll(".", "/")}.rp_filter`;
  path.add("reverse-path-filter", {
    params: { who: namespace.label, dev: iif, address },
    look: [
      {
        command: inside(
          namespace,
          shell`sysctl net.ipv4.conf.all.rp_filter ${key}`,
        ),
        line: "= 1",
      },
      { command: lookup.command, line: lookup.words },
    ],
    fix: [inside(namespace, shell`sysctl -w ${key}=2`)],
  });
}

/** The router sends answers for an address out by another segment. */
export function subnetElsewhere(
  path: Path,
  namespace: Namespace,
  address: string,
  wrong: string,
  right: string,
): void {
  const route = namespace.routes.find(({ to, dev, table }) =>
    dev === wrong && table === "main" && to !== "default" && covers(to, address)
  );
  const card = linkOf(namespace, wrong);
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
  path.add(route || !right ? "subnet-elsewhere" : "no-way-back", {
    params: { who: namespace.label, address, wrong, dev: right },
    look: { command: inside(namespace, shell`ip route get ${address}`) },
    fix: fix ? [inside(namespace, fix)] : right
      ? [
        inside(
          namespace,
          shell`ip route add ${path.networkOf(address)} dev ${right}`,
        ),
      ]
      : [],
  });
}

/** A routing rule leads the answers of one sender elsewhere, the others right. */
export function ruledElsewhere(
  path: Path,
  namespace: Namespace,
  address: string,
  [wrong, right]: [RouteLookup, RouteLookup],
): void {
  path.add("subnet-elsewhere", {
    params: {
      who: namespace.label,
      address,
      wrong: wrong.dev ?? "nowhere",
      dev: right.dev ?? "",
    },
    look: [
      { command: wrong.command },
      { command: inside(namespace, "ip rule show"), line: "" },
    ],
  });
}

/** The gateway's address is on an interface of another segment, and its route. */
export function gatewayElsewhere(
  path: Path,
  { namespace, link: { name, addresses } }: End,
  gateway: string,
  address: string,
  right: string,
): void {
  const held = addresses.find(({ local }) => local === gateway);
  if (!held || name === right) return;
  path.add("subnet-elsewhere", {
    params: { who: namespace.label, address, wrong: name, dev: right },
    look: { command: inside(namespace, shell`ip route get ${address}`) },
    fix: [
      inside(
        namespace,
        shell`ip addr del ${gateway}/${held.length} dev ${name}`,
      ),
      inside(
        namespace,
        shell`ip addr add ${gateway}/${held.length} dev ${right}`,
      ),
    ],
  });
}
