import { Cause } from "./cause_kinds.ts";
import { whyNotSwitched } from "./not_switched.ts";
import { whyNotAnswered } from "./not_answered.ts";
import { whyLostOnCable } from "./lost_on_cable.ts";
import { whyNotSent } from "./not_sent.ts";
import type { FullEvidence } from "./evidence.ts";
import type { Sighting } from "./sighting.ts";
import { isAside } from "./predecessor.ts";
import { endAt, linkOf, otherEnd, ownerOf } from "./cables.ts";

/** Finds the cause of a death. */
export async function explainDrop(facts: FullEvidence): Promise<Cause> {
  const { world } = facts;
  const lastSeen = lastSighting(facts);
  const leg = lastSeen?.role === "reply" ? "reply" : "request";
  if (!lastSeen) {
    return { leg, ...await whyNotSent(facts) };
  }
  const died = lastSeen.direction === "out"
    ? await whyLostOnCable(facts, lastSeen)
    : linkOf(world, lastSeen)?.master
    ? await whyNotSwitched(facts, lastSeen)
    : await whyNotAnswered(facts, lastSeen);
  return { leg, lastSeen, ...died };
}

/** The sighting that got farthest. */
function lastSighting(
  { world, seen }: FullEvidence,
): Sighting | undefined {
  const useful = seen.filter((each) =>
    each.role !== "complaint" && !isAside(world, each)
  );
  const last = useful.findLast(({ role }) => role === "reply") ?? useful.at(-1);
  if (last?.direction !== "out") return last;
  // Of the copies of a flood, the one that went where it should.
  const owner = ownerOf(world, last.dst);
  return useful.find((each) => {
    if (each.role !== last.role || each.namespace !== last.namespace) {
      return false;
    }
    const end = endAt(world, each.namespace, each.link);
    const far = end && otherEnd(world, end);
    return each.direction === "out" && each.dstMac === last.dstMac &&
      far !== undefined && far.link === owner?.link;
  }) ?? last;
}
