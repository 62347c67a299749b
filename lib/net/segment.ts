/** Who hangs on which cable, and on which bridge. */

import { holder, type Link, linkOf, type Namespace } from "./namespace.ts";
import type { Network } from "./network.ts";
import { isOtherEnd } from "./veth.ts";

/** An interface and the namespace that it is in. */
export interface End {
  /** The namespace. */
  namespace: Namespace;
  /** The interface. */
  link: Link;
}

/** An end on a segment, with the port of the bridge that its cable is in. */
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
export function otherEnd(
  { namespaces }: Pick<Network, "namespaces">,
  end: End,
): End | undefined {
  if (end.link.kind !== "veth") return undefined;
  const places = end.link.peerElsewhere
    ? namespaces.filter((namespace) => namespace !== end.namespace)
    : [end.namespace];
  for (const namespace of places) {
    const found = namespace.links.find((other) => isOtherEnd(end.link, other));
    if (found) return { namespace, link: found };
  }
}

/** All that is on the segment of this end. */
export function segmentOf(network: Network, end: End): Segment {
  if (end.link.bridge) return bridgeSegment(network, end);
  const far = otherEnd(network, end);
  const bridge = far && linkOf(far.namespace, far.link.master);
  if (far && bridge?.bridge) {
    return bridgeSegment(network, { namespace: far.namespace, link: bridge });
  }
  return { ends: far ? [end, far] : [end], blind: [] };
}

function bridgeSegment(network: Network, bridge: End): Segment {
  const { namespace } = bridge;
  const segment: Segment = { bridge, ends: [bridge], blind: [] };
  for (const port of namespace.links) {
    if (port.master !== bridge.link.name) continue;
    const end = otherEnd(network, { namespace, link: port });
    if (end) segment.ends.push({ ...end, port });
    else segment.blind.push(port);
  }
  return segment;
}

/** All bridges of a namespace. */
export function bridgesOf(namespace: Namespace): End[] {
  return namespace.links.filter(({ bridge }) => bridge)
    .map((link) => ({ namespace, link }));
}

/**
 * The ends on a segment that would answer for an address. Linux answers on any
 * interface for any address of its own; the end that holds it comes first.
 */
export function answering(segment: Segment, address: string): Attachment[] {
  return segment.ends
    .filter((end) => holder(end.namespace, address))
    .sort((a, b) => rank(a, address) - rank(b, address));
}

function rank({ link, port }: Attachment, address: string): number {
  if (link.addresses.some(({ local }) => local === address)) return 0;
  return port ? 1 : 2;
}

/** Whether two ends are the same one. */
export function same(a: End | undefined, b: End | undefined): boolean {
  return a?.namespace === b?.namespace && a?.link.index === b?.link.index;
}
