/** What keeps a router from passing a packet on, or from finding the way back. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import { inside, linkOf, type Namespace } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import type { End } from "../net/segment.ts";
import type { RouteLookup } from "../net/network.ts";

/** A router that passes nothing on, or nothing that comes in here. */
export function forwardingOff(
  path: Path,
  namespace: Namespace,
  iif: string,
): void {
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
    fix: isRouter(namespace)
      ? [inside(namespace, "sysctl -w net.ipv4.ip_forward=1")]
      : [],
  });
}

/** Whether a namespace may be meant to pass packets on: it has two ways out. */
function isRouter({ enter, links }: Namespace): boolean {
  return enter.length === 0 ||
    links.filter(({ name, addresses }) => name !== "lo" && addresses.length > 0)
        .length > 1;
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
