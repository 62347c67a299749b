/** Where a packet was seen last, and what should have come next. */

import { t } from "../cli/translate.ts";
import { farEnd, linkOf, name, ownerOf } from "./cables.ts";
import type { FullEvidence } from "./evidence.ts";
import { called } from "./namespaces.ts";
import { isAside } from "./predecessor.ts";
import type { Sighting } from "./sighting.ts";
import { stateOf } from "./world.ts";

/** The sighting that got farthest; undefined if there is none. */
export function lastSighting(
  { world, seen }: FullEvidence,
): Sighting | undefined {
  const useful = seen.filter((each) =>
    each.role !== "complaint" && !isAside(world, each)
  );
  const last = useful.findLast(({ role }) => role === "reply") ?? useful.at(-1);
  if (last?.direction !== "out") return last;
  // Of the copies of a flood, the one that went where it should.
  const owner = ownerOf(world, last.dst);
  return useful.find((each) =>
    each.role === last.role && each.namespace === last.namespace &&
    each.direction === "out" && each.dstMac === last.dstMac &&
    owner !== undefined && farEnd(world, each)?.link === owner.link
  ) ?? last;
}

/** What should have come next, as a sentence without its point. */
export function expectedAfter(
  { world, from, seen }: FullEvidence,
  last: Sighting | undefined,
): string {
  if (!last) {
    return t`the packet leaves ${called(from.name)} by an interface`;
  }
  const { link, direction, role, src, dst } = last;
  const who = called(last.namespace.name);
  const here = linkOf(world, last);
  if (direction === "out" && !here?.bridge) {
    const far = farEnd(world, last);
    if (far) return t`it comes in at ${name(far)}`;
    return role === "request"
      ? t`the answer comes in again`
      : t`the answer arrives at ${dst}`;
  }
  const bridge = here?.bridge ? link : here?.master;
  if (bridge && direction === "out" || here?.master) {
    return t`${bridge} passes it on`;
  }
  if (
    role === "reply" && last.namespace !== from &&
    seen.some((each) =>
      each.role === "request" && each.namespace === last.namespace
    )
  ) {
    return t`${who} passes it on to the one who asked`;
  }
  const owner = ownerOf(world, dst);
  if (owner?.namespace !== stateOf(world, last.namespace)) {
    return t`${who} forwards it to ${dst}`;
  }
  return role === "request"
    ? t`${who} answers ${src}`
    : t`the answer reaches the one who asked`;
}
