/** What keeps a namespace from sending, or from sending right. */

import { holds, inside, linkOf, type Namespace } from "../net/namespace.ts";
import type { Crossing } from "./crossings.ts";
import {
  addressMissing,
  arpOff,
  linkDown,
  loopbackDown,
  mainLink,
  prefixWrong,
} from "./link_faults.ts";
import { internalOnly } from "./engine_networks.ts";
import type { Path } from "./path.ts";
import {
  astray,
  blocked,
  noRoute,
  onLinkDefault,
  tableUnused,
  wrongSource,
} from "./route_faults.ts";
import { cableOf } from "./target.ts";

/**
 * Says why the kernel of a namespace refuses to send to an address.
 *
 * @param near whether the address is meant to be on the same segment.
 */
export async function whyNotSent(
  path: Path,
  namespace: Namespace,
  to: string,
  near: boolean,
): Promise<void> {
  const link = mainLink(path, namespace);
  if (!link) {
    path.add("link-missing", {
      params: { who: namespace.label },
      look: { command: inside(namespace, "ip -brief link show"), line: "" },
      fix: path.lab?.missing([...cableOf(namespace.label), namespace.label])
        .map((line) => whereItsLinkIs(path, line)),
    });
    return;
  }
  const main = { namespace, link };
  const next = near ? to : path.gatewayOf(main);
  const intended = path.lab?.addressOf(path.nameOf(namespace), link.name);
  const address = path.addressOf(main);
  if (!link.up) return linkDown(path, main);
  if (link.addresses.length === 0) return addressMissing(path, main);
  if (tableUnused(path, namespace)) return;
  const lookup = await path.network.routeLookup(namespace, to);
  if (lookup.type === "local") return loopbackDown(path, namespace);
  const isPrefixWrong = prefixWrong(path, main, next);
  if (intended && !holds(link, intended.split("/")[0])) {
    return addressMissing(path, main);
  }
  const src = (intended ?? address)?.split("/")[0];
  if (blocked(path, namespace, to, src) || isPrefixWrong) return;
  if (!near && await internalOnly(path, namespace)) return;
  noRoute(path, main, (intended ?? address)!, next, near, lookup);
}

/**
 * What a namespace did wrong with a packet that it sent, and that is lost
 * elsewhere for it.
 *
 * @returns whether anything was found.
 */
export async function sentWrongly(
  path: Path,
  crossing: Crossing,
  to: string,
  near: boolean,
): Promise<boolean> {
  const { from: { namespace, link }, next } = crossing;
  const found = path.notes.count;
  if (link.noArp) arpOff(path, crossing.from);
  const lookup = await path.network.routeLookup(namespace, to);
  const isPrefixWrong = link.addresses.length > 0 &&
    prefixWrong(path, crossing.from, next);
  if (near && lookup.via && lookup.dev && !isPrefixWrong) {
    astray(path, namespace, to, lookup.dev, lookup.via);
  }
  if (!near && !lookup.via && link.kind === "veth" && !isPrefixWrong) {
    onLinkDefault(path, crossing, to, path.gatewayOf(crossing.from));
  }
  wrongSource(path, crossing, lookup.src, near);
  return path.notes.count > found;
}

/** A link that was moved astray has to be moved from where it is. */
function whereItsLinkIs({ network }: Path, line: string): string {
  const link = line.match(/^ip link set dev (\S+) netns /)?.[1];
  const namespace = network.others.find((each) => linkOf(each, link));
  return link && namespace ? inside(namespace, line) : line;
}
