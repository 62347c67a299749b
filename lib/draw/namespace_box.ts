/** A namespace of the snapshot as a room of the figure. */

import type { Fact } from "../course/stage.ts";
import {
  forwards,
  mainRoutes,
  type Namespace,
  type Route,
} from "../net/namespace.ts";
import type { Chain } from "../net/firewall/ruleset.ts";
import { type Snapshot, uplinkOf } from "../net/snapshot.ts";
import { isNew, namespaceIsNew } from "./added.ts";
import { forwarded } from "./forwarding.ts";
import { boxId, type Label, type NamespaceBox } from "./model.ts";
import type { PeerOf } from "./peers.ts";
import { natTexts } from "./rules.ts";
import { toInterface } from "./to_interface.ts";
import type { Words } from "./words.ts";

/** What a figure shows of a namespace and of the rules that act in it. */
export function toBox(
  netns: Namespace,
  snapshot: Snapshot,
  peerOf: PeerOf,
  chains: readonly Chain[],
  added: readonly Fact[],
  words: Words,
): NamespaceBox {
  const { name, links, unreadable } = netns;
  const forwarding = forwards(netns);
  const isMachine = name === "";
  const uplink = isMachine ? snapshot.uplink : uplinkOf(netns);
  const label = (text: string, fact: Partial<Fact>): Label => ({
    text,
    state: "up",
    added: isNew(added, fact),
  });
  const box: NamespaceBox = {
    id: boxId(netns),
    name: isMachine ? words.pc : name,
    state: unreadable ? "down" : links.length === 0 ? "ghost" : "up",
    added: namespaceIsNew(added, name),
    ifaces: links.map((link) =>
      toInterface(link, netns, { snapshot, peerOf }, added, words)
    ),
    routes: mainRoutes(netns).filter(isWorthShowing).map((route) =>
      label(
        routeText(route),
        { route: route.to, via: route.via, ...isMachine ? {} : { in: name } },
      )
    ),
    nat: natTexts(chains, netns, uplink).map(({ text, rule }) =>
      label(text, { table: "nat", rule: rule.line })
    ),
  };
  if (unreadable) box.routes.push(off(`${words.unreadable}: ${unreadable}`));
  // Forwarding says something of a room with two ways out, no other.
  const cards = links.filter((link) => link.name !== "lo");
  const passes = forwarded(chains);
  if (passes === "none") box.nat.unshift(off(words.forwardDrop));
  if (passes === "some") {
    box.nat.unshift({ text: words.forwardSome, state: "up", added: false });
  }
  if (isMachine ? links.length > 0 : forwarding && cards.length > 1) {
    box.forwarding = forwarding
      ? label(`${words.forwardingOn}: ${IP_FORWARD} = 1`, { forwarding: true })
      : off(`${words.forwardingOff}: ${IP_FORWARD} = 0`);
  }
  return box;
}

const IP_FORWARD = "net.ipv4.ip_forward";

/** A label that says what stands in the way. */
function off(text: string): Label {
  return { text, state: "down", added: false };
}

/** Routes to a network at one's own door follow from the address. */
function isWorthShowing(route: Route): boolean {
  return route.via !== undefined || route.to === "default";
}

function routeText({ to, via, dev }: Route): string {
  return via ? `${to} via ${via}` : `${to} dev ${dev}`;
}
