import { Cause } from "./cause.ts";
import { diedInBridge } from "./died_in_bridge.ts";
import { diedInHost } from "./died_in_host.ts";
import { diedOnWire } from "./died_on_wire.ts";
import { diedUnsent } from "./died_unsent.ts";
import type { Evidenced } from "./evidence.ts";
import type { Seen } from "./sighting.ts";
import { isAside } from "./predecessor.ts";
import { endAt, linkOf, otherEnd, ownerOf } from "./wire.ts";

/** Finds the cause of a death. */
export async function explainDeath(facts: Evidenced): Promise<Cause> {
  const { world } = facts;
  const lastSeen = findLast(facts);
  const leg = lastSeen?.role === "reply" ? "reply" : "request";
  if (!lastSeen) {
    return { leg, ...await diedUnsent(facts) };
  }
  const died = lastSeen.direction === "out"
    ? await diedOnWire(facts, lastSeen)
    : linkOf(world, lastSeen)?.master
    ? await diedInBridge(facts, lastSeen)
    : await diedInHost(facts, lastSeen);
  return { leg, lastSeen, ...died };
}

/** The sighting that got farthest. */
export function findLast({ world, seen }: Evidenced): Seen | undefined {
  const useful = seen.filter((each) =>
    each.role !== "complaint" && !isAside(world, each)
  );
  const last = useful.findLast(({ role }) => role === "reply") ?? useful.at(-1);
  if (last?.direction !== "out") return last;
  // Of the copies of a flood, the one that went where it should.
  const owner = ownerOf(world, last.dst);
  return useful.find((each) => {
    if (each.role !== last.role || each.place !== last.place) return false;
    const end = endAt(world, each.place, each.link);
    const far = end && otherEnd(world, end);
    return each.direction === "out" && each.dstMac === last.dstMac &&
      far !== undefined && far.link === owner?.link;
  }) ?? last;
}
