/** What a vlan, a macvlan and their like stand on. */

import type { Link, Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import type { Snapshot } from "../net/snapshot.ts";
import type { PeerOf } from "./peers.ts";

/** All namespaces, and which cable leads where. */
export interface Seen {
  /** The namespaces. */
  snapshot: Snapshot;
  /** The other end of a veth. */
  peerOf: PeerOf;
}

/**
 * The interface that another one stands on; `unseen` where that is in a
 * namespace which we do not see, or may be in several.
 */
export function parentOf(
  link: Link,
  netns: Namespace,
  seen: Seen,
): End | "unseen" | undefined {
  if (link.kind === "veth" || !link.peerIndex) return;
  // On itself: that is how the kernel says on none.
  if (!link.peerElsewhere && link.peerIndex === link.index) return;
  if (!link.peerElsewhere) {
    const found = netns.links.find(({ index }) => index === link.peerIndex);
    return found && { namespace: netns, link: found };
  }
  const all = [seen.snapshot.machine, ...seen.snapshot.named];
  const known = numberedAs(link.peerNetnsid, netns, seen);
  const places = known ? [known] : all.filter((each) => each !== netns);
  const found = places.flatMap((namespace) =>
    namespace.links
      .filter(({ index, name }) => index === link.peerIndex && name !== "lo")
      .map((link) => ({ namespace, link }))
  );
  return found.length === 1 ? found[0] : "unseen";
}

/** The namespace that another one knows by a number, as far as a cable tells. */
function numberedAs(
  netnsid: number | undefined,
  netns: Namespace,
  seen: Seen,
): Namespace | undefined {
  if (netnsid === undefined) return;
  for (const link of netns.links) {
    if (link.peerNetnsid !== netnsid || link.kind !== "veth") continue;
    const far = seen.peerOf(link);
    if (far) return far.namespace;
  }
}
