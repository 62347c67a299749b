/** What may be wrong with an interface itself. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import {
  holder,
  inside,
  type Link,
  linkOf,
  type Namespace,
} from "../net/namespace.ts";
import { duplicate } from "./duplicate_address.ts";
import type { Path } from "./path.ts";
import { type End, segmentOf } from "../net/segment.ts";

/** The card that a namespace lives by. */
export function mainLink(path: Path, namespace: Namespace): Link | undefined {
  const cards = namespace.links.filter(({ name, kind }) =>
    name !== "lo" && !["sit", "ipip", "gre", "ip6tnl"].includes(kind)
  );
  const byRoute = namespace.routes.find(({ to, table }) =>
    to === "default" && table === "main"
  )?.dev;
  return cards.find(({ name }) =>
    path.lab?.addressOf(path.nameOf(namespace), name)
  ) ?? cards.find(({ name }) => name === byRoute) ??
    cards.find(({ addresses }) => addresses.length > 0) ??
    cards.find(({ kind }) => kind === "veth") ?? cards[0];
}

/** An interface that is switched off, and what went with it. */
export function linkDown(path: Path, end: End): void {
  const { namespace, link } = end;
  path.add("link-down", {
    params: { dev: link.name, who: namespace.label },
    look: { command: inside(namespace, shell`ip link show dev ${link.name}`) },
    fix: [
      inside(namespace, shell`ip link set dev ${link.name} up`),
      ...link.addresses.length ? path.defaultRouteFix(end) : [],
    ],
  });
  if (link.addresses.length === 0) addressMissing(path, end);
}

/** An interface that has none of the address it is meant to have. */
export function addressMissing(path: Path, end: End): void {
  const { namespace, link } = end;
  const meant = path.lab?.addressOf(path.nameOf(namespace), link.name) ??
    path.freeAddressFor(end);
  const speaksIpv6 = link.addresses6.some(({ local }) =>
    !local.startsWith("fe80:")
  );
  if (!path.lab && link.addresses.length === 0 && speaksIpv6) {
    path.add("ipv6-only", {
      params: { dev: link.name, who: namespace.label },
      look: {
        command: inside(namespace, shell`ip -brief addr show dev ${link.name}`),
      },
    });
    return;
  }
  const wrong = link.addresses[0];
  const owner = segmentOf(path.network, end).ends.find((other) =>
    wrong && other.namespace !== namespace &&
    holder(other.namespace, wrong.local)
  );
  if (owner) return duplicate(path, wrong.local, owner.namespace, namespace);
  path.add("address-missing", {
    params: { dev: link.name, who: namespace.label },
    look: {
      command: inside(namespace, shell`ip -brief addr show dev ${link.name}`),
    },
    fix: meant
      ? [
        ...wrong && path.lab
          ? [inside(
            namespace,
            shell`ip addr del ${wrong.local}/${wrong.length} dev ${link.name}`,
          )]
          : [],
        inside(namespace, shell`ip addr add ${meant} dev ${link.name}`),
        ...path.defaultRouteFix(wrong ? withoutRoutes(end) : end),
      ]
      : [],
  });
}

/** The same end once its last address is deleted: its routes go with it. */
function withoutRoutes(end: End): End {
  return { ...end, namespace: { ...end.namespace, routes: [] } };
}

/** A namespace asks for an address of its own: that goes by way of lo. */
export function loopbackDown(path: Path, namespace: Namespace): void {
  if (linkOf(namespace, "lo")?.up) return;
  path.add("loopback-down", {
    params: { who: namespace.label },
    look: { command: inside(namespace, "ip link show dev lo") },
    fix: [inside(namespace, "ip link set dev lo up")],
  });
}

/** An interface that neither asks for MAC addresses nor answers, but should. */
export function arpOff(path: Path, { namespace, link }: End): void {
  if (!link.asksArp) return;
  path.add("arp-off", {
    params: { dev: link.name, who: namespace.label },
    look: { command: inside(namespace, shell`ip link show dev ${link.name}`) },
    fix: [inside(namespace, shell`ip link set dev ${link.name} arp on`)],
  });
}

/** An interface with an address that a bridge takes all packets from. */
export function addressOnPort(path: Path, end: End): void {
  const { namespace, link: { name, addresses: [held], master } } = end;
  const bridge = linkOf(namespace, master);
  if (!held || !bridge?.bridge) return;
  path.add("address-on-port", {
    params: {
      who: namespace.label,
      dev: name,
      bridge: bridge.name,
      address: held.local,
    },
    look: [
      { command: inside(namespace, shell`ip link show dev ${name}`) },
      { command: inside(namespace, shell`ip -4 -brief addr show dev ${name}`) },
    ],
    fix: [inside(namespace, shell`ip link set dev ${name} nomaster`)],
  });
}

/** A prefix that differs from what the others on the segment have. */
export function prefixWrong(path: Path, end: End, next?: string): boolean {
  const { namespace, link } = end;
  const segment = segmentOf(path.network, end);
  const [{ local, length }] = link.addresses;
  const right = path.lengthOn(segment, end, local);
  if (right === undefined || right === length) return false;
  if (link.addresses.some((each) => each.length === right)) return false;
  const reaches = next !== undefined && covers(`${local}/${length}`, next);
  const routed = namespace.routes.some(({ to, via }) =>
    next && !via && to !== "default" && covers(to, next)
  );
  const wide = length < right;
  path.add("prefix-wrong", {
    params: {
      who: namespace.label,
      address: `${local}/${length}`,
      length: `${right}`,
      dev: link.name,
    },
    look: {
      command: inside(
        namespace,
        shell`ip -4 -brief addr show dev ${link.name}`,
      ),
    },
    fix: [
      inside(namespace, shell`ip addr add ${local}/${right} dev ${link.name}`),
      inside(namespace, shell`ip addr del ${local}/${length} dev ${link.name}`),
      ...path.defaultRouteFix(end),
    ],
    breaks: !wide && !reaches && !routed,
  });
  return true;
}
