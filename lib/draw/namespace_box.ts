/** A namespace of the snapshot as a room of the figure. */

import type { Fact } from "../course/stage.ts";
import {
  addressTexts,
  forwards,
  type Link,
  mainRoutes,
  type Namespace,
  type Route,
} from "../net/namespace.ts";
import { peer, type Snapshot } from "../net/snapshot.ts";
import { interfaceIsNew, isNew, namespaceIsNew } from "./added.ts";
import {
  type Interface,
  interfaceId,
  type Label,
  MACHINE,
  type NamespaceBox,
} from "./model.ts";
import { forwardDrop, natTexts } from "./rules.ts";
import type { Words } from "./words.ts";

/** The id of a namespace as a room. */
export function boxId({ name }: Namespace): string {
  return name === "" ? MACHINE : name;
}

/** What a figure shows of a namespace and of the rules that act in it. */
export function toBox(
  netns: Namespace,
  snapshot: Snapshot,
  added: readonly Fact[],
  words: Words,
): NamespaceBox {
  const { name, links, unreadable } = netns;
  const forwarding = forwards(netns);
  const isMachine = name === "";
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
    ifaces: links.map((link) => toIface(link, netns, snapshot, added, words)),
    routes: mainRoutes(netns).filter(isWorthShowing).map((route) =>
      label(
        routeText(route),
        { route: route.to, via: route.via, ...isMachine ? {} : { in: name } },
      )
    ),
    nat: isMachine
      ? natTexts(snapshot).map(({ text, rule }) =>
        label(text, { table: "nat", rule })
      )
      : [],
  };
  if (unreadable) box.routes.push(off(`${words.unreadable}: ${unreadable}`));
  if (isMachine && forwardDrop(snapshot)) {
    box.nat.unshift(off(words.forwardDrop));
  }
  // Forwarding says something of a room with two ways out, no other.
  const cards = links.filter((link) => link.name !== "lo");
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

function toIface(
  link: Link,
  netns: Namespace,
  snapshot: Snapshot,
  added: readonly Fact[],
  words: Words,
): Interface {
  const other = peer(snapshot, link, netns);
  // A veth has a carrier if and when its other end is up. The kernel's own
  // word for it (operstate) comes a moment later.
  const carrier = other
    ? other.link.up
    : !["DOWN", "LOWERLAYERDOWN"].includes(link.state) ||
      link.kind === "bridge";
  const isUnseen = link.kind === "veth" && !other;
  return {
    id: interfaceId(boxId(netns), link.name),
    name: link.name,
    kind: link.kind,
    bridge: link.master,
    state: link.up && carrier ? "up" : "down",
    added: interfaceIsNew(added, netns.name, link.name),
    note: !link.up
      ? words.down
      : !carrier
      ? words.noCarrier
      : isUnseen
      ? words.peerUnseen
      : "",
    addresses: addressTexts(link)
      .filter((address) => !/^(fe80:|127\.|::1\/)/.test(address))
      .map((address) => ({
        text: address,
        state: "up",
        added: isNew(added, {
          link: link.name,
          address,
          ...netns.name === "" ? {} : { in: netns.name },
        }),
      })),
  };
}

/** Routes to a network at one's own door follow from the address. */
function isWorthShowing(route: Route): boolean {
  return route.via !== undefined || route.to === "default";
}

function routeText({ to, via, dev }: Route): string {
  return via ? `${to} via ${via}` : `${to} dev ${dev}`;
}
