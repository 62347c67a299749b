/** What a vlan, a macvlan and their like stand on. */

import type { Link, Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import { peer, type Snapshot } from "../net/snapshot.ts";

/**
 * The interface that another one stands on; `unseen` where that is in a
 * namespace which we do not see, or may be in several.
 */
export function parentOf(
  link: Link,
  netns: Namespace,
  snapshot: Snapshot,
): End | "unseen" | undefined {
  if (link.kind === "veth" || !link.peerIndex) return;
  // On itself: that is how the kernel says on none.
  if (!link.peerElsewhere && link.peerIndex === link.index) return;
  if (!link.peerElsewhere) {
    const found = netns.links.find(({ index }) => index === link.peerIndex);
    return found && { namespace: netns, link: found };
  }
  const all = [snapshot.machine, ...snapshot.named];
  const known = numberedAs(link.peerNetnsid, netns, snapshot);
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
  snapshot: Snapshot,
): Namespace | undefined {
  if (netnsid === undefined) return;
  for (const link of netns.links) {
    if (link.peerNetnsid !== netnsid || link.kind !== "veth") continue;
    const far = peer(snapshot, link, netns);
    if (far) return far.netns;
  }
}
