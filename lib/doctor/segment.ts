/** Who hangs on which cable, and on which bridge. */

import { holder, type Link, linkOf, type Namespace } from "../net/namespace.ts";
import type { World } from "./world.ts";

/** An interface and the namespace that it is in. */
export interface End {
  /** The namespace. */
  space: Namespace;
  /** The interface. */
  iface: Link;
}

/** An end on a wire, with the port of the bridge that its cable is in. */
export interface Attachment extends End {
  /** Absent for the bridge itself. */
  port?: Link;
}

/** All that hear each other: the ends on one bridge, or of one cable. */
export interface Segment {
  /** The bridge, if it is one. */
  bridge?: End;
  /** All ends that hear each other. */
  ends: Attachment[];
  /** Ports of which we cannot see what is behind. */
  blind: Link[];
}

/** The other end of a veth pair, if it is in a namespace that we see. */
export function otherEnd(world: World, end: End): End | undefined {
  if (end.iface.kind !== "veth") return undefined;
  const places = end.iface.peerElsewhere
    ? world.spaces.filter((space) => space !== end.space)
    : [end.space];
  for (const space of places) {
    const found = space.ifaces.find((other) =>
      other.kind === "veth" && other.index === end.iface.peerIndex &&
      other.peerIndex === end.iface.index &&
      other.peerElsewhere === end.iface.peerElsewhere
    );
    if (found) return { space, iface: found };
  }
}

/** All that is on the wire of this end. */
export function segmentOf(world: World, end: End): Segment {
  if (end.iface.bridge) return bridgeWire(world, end);
  const far = otherEnd(world, end);
  const bridge = far && linkOf(far.space, far.iface.master);
  if (far && bridge?.bridge) {
    return bridgeWire(world, { space: far.space, iface: bridge });
  }
  return { ends: far ? [end, far] : [end], blind: [] };
}

function bridgeWire(world: World, bridge: End): Segment {
  const { space } = bridge;
  const wire: Segment = { bridge, ends: [bridge], blind: [] };
  for (const port of space.ifaces) {
    if (port.master !== bridge.iface.name) continue;
    const end = otherEnd(world, { space, iface: port });
    if (end) wire.ends.push({ ...end, port });
    else wire.blind.push(port);
  }
  return wire;
}

/** All bridges of a namespace. */
export function bridgesOf(space: Namespace): End[] {
  return space.ifaces.filter(({ bridge }) => bridge)
    .map((iface) => ({ space, iface }));
}

/**
 * The ends on a wire that would answer for an address. Linux answers on any
 * interface for any address of its own; the end that holds it comes first.
 */
export function answering(wire: Segment, address: string): Attachment[] {
  return wire.ends
    .filter((end) => holder(end.space, address))
    .sort((a, b) => rank(a, address) - rank(b, address));
}

function rank({ iface, port }: Attachment, address: string): number {
  if (iface.addresses.some(({ local }) => local === address)) return 0;
  return port ? 1 : 2;
}

/** Whether two ends are the same one. */
export function same(a: End | undefined, b: End | undefined): boolean {
  return a?.space === b?.space && a?.iface.index === b?.iface.index;
}
