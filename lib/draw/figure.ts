/** Makes the figure of a snapshot: never from what a stage claims. */

import type { Fact } from "../stage.ts";
import {
  type Link,
  type Namespace,
  peer,
  type Route,
  type Snapshot,
} from "../snapshot.ts";
import { cableIsNew, ifaceIsNew, isNew, roomIsNew } from "./added.ts";
import { withGhosts } from "./lab.ts";
import {
  type Cable,
  emptyRoom,
  type Figure,
  type Iface,
  ifaceId,
  INTERNET,
  type Label,
  MACHINE,
  type Room,
} from "./model.ts";
import { forwardDrop, natTexts } from "./rules.ts";
import { ENGLISH, type Words } from "./words.ts";

/** How a figure is made. */
export interface FigureOptions {
  /** What is to stand out, such as a stage's facts. */
  added?: readonly Fact[];
  /** The figure's own words. */
  words?: Words;
}

/** Makes the figure of a snapshot. */
export function figure(
  snapshot: Snapshot,
  { added = [], words = ENGLISH }: FigureOptions = {},
): Figure {
  const all = [snapshot.machine, ...snapshot.named];
  const rooms = all.map((netns) => toRoom(netns, snapshot, added, words));
  const seen = { isLab: false, rooms, cables: toCables(all, snapshot, added) };
  return withGhosts(withUplink(seen, snapshot, words), words);
}

function roomId({ name }: Namespace): string {
  return name === "" ? MACHINE : name;
}

function toRoom(
  netns: Namespace,
  snapshot: Snapshot,
  added: readonly Fact[],
  words: Words,
): Room {
  const { name, links, routes, forwarding, unreadable } = netns;
  const isMachine = name === "";
  const cards = links.filter((link) => link.name !== "lo");
  const label = (text: string, fact: Partial<Fact>): Label => ({
    text,
    state: "up",
    added: isNew(added, fact),
  });
  const room: Room = {
    id: roomId(netns),
    name: isMachine ? words.pc : name,
    state: unreadable ? "down" : links.length === 0 ? "ghost" : "up",
    added: roomIsNew(added, name),
    ifaces: links.map((link) => toIface(link, netns, snapshot, added, words)),
    routes: routes.filter(isWorthShowing).map((route) =>
      label(
        routeText(route),
        { route: route.to, via: route.via, ...isMachine ? {} : { in: name } },
      )
    ),
    nat: [],
  };
  if (unreadable) {
    room.routes.push({
      text: `${words.unreadable}: ${unreadable}`,
      state: "down",
      added: false,
    });
  }
  // Forwarding says something of a room with two ways out, no other.
  const matters = isMachine ? links.length > 0 : cards.length > 1 && forwarding;
  if (matters) {
    room.forwarding = forwarding
      ? label(
        `${words.forwardingOn}: net.ipv4.ip_forward = 1`,
        isMachine ? { forwarding: true } : { in: "" },
      )
      : {
        text: `${words.forwardingOff}: net.ipv4.ip_forward = 0`,
        state: "down",
        added: false,
      };
  }
  if (isMachine) {
    room.nat = natTexts(snapshot).map(({ text, rule }) =>
      label(text, { table: "nat", rule })
    );
    if (forwardDrop(snapshot)) {
      room.nat.unshift({
        text: words.forwardDrop,
        state: "down",
        added: false,
      });
    }
  }
  return room;
}

function toIface(
  link: Link,
  netns: Namespace,
  snapshot: Snapshot,
  added: readonly Fact[],
  words: Words,
): Iface {
  const other = peer(snapshot, link, netns);
  // A veth has a carrier if and when its other end is up. The kernel's own
  // word for it (operstate) comes a moment later.
  const carrier = other
    ? other.link.up
    : !["DOWN", "LOWERLAYERDOWN"].includes(link.state) ||
      link.kind === "bridge";
  const isUnseen = link.kind === "veth" && !other;
  return {
    id: ifaceId(roomId(netns), link.name),
    name: link.name,
    kind: link.kind,
    bridge: link.master,
    state: link.up && carrier ? "up" : "down",
    added: ifaceIsNew(added, netns.name, link.name),
    note: !link.up
      ? words.down
      : !carrier
      ? words.noCarrier
      : isUnseen
      ? words.peerUnseen
      : "",
    addresses: link.addresses
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

function toCables(
  all: Namespace[],
  snapshot: Snapshot,
  added: readonly Fact[],
): Cable[] {
  const cables: Cable[] = [];
  const done = new Set<string>();
  for (const netns of all) {
    for (const link of netns.links) {
      const other = peer(snapshot, link, netns);
      const id = ifaceId(roomId(netns), link.name);
      if (!other || done.has(id)) continue;
      const otherId = ifaceId(roomId(other.netns), other.link.name);
      done.add(otherId);
      cables.push({
        ends: [id, otherId],
        state: link.up && other.link.up ? "up" : "down",
        added: cableIsNew(added, link.name, other.link.name),
      });
    }
  }
  return cables;
}

/** Adds what is behind the uplink, where no namespace is seen there. */
function withUplink(seen: Figure, snapshot: Snapshot, words: Words): Figure {
  // Without a default route we take eth0 for it, as the pages do.
  const link = snapshot.machine.links.find(({ name }) =>
    name === (snapshot.uplink ?? "eth0")
  );
  if (!link) return seen;
  const uplink = ifaceId(MACHINE, link.name);
  const behind = peer(snapshot, link, snapshot.machine)?.netns.name;
  if (behind !== undefined) return { ...seen, uplink, internet: behind };
  const state = link.up ? "up" : "down";
  return {
    ...seen,
    uplink,
    internet: INTERNET,
    rooms: [...seen.rooms, emptyRoom(INTERNET, words.internet, "up")],
    cables: [...seen.cables, {
      ends: [uplink, INTERNET],
      state,
      added: false,
    }],
  };
}

/** Routes to a network at one's own door follow from the address. */
function isWorthShowing(route: Route): boolean {
  return route.via !== undefined || route.to === "default";
}

function routeText({ to, via, dev }: Route): string {
  return via ? `${to} via ${via}` : `${to} dev ${dev}`;
}
