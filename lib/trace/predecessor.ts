/** How two sightings of a packet belong together. */

import type { Facts } from "./evidence.ts";
import type { Sighting } from "./sighting.ts";
import { linkOf } from "./cables.ts";
import type { World } from "./world.ts";

/** Seen where it was of no use: a flood brought it to a wrong station. */
export function isAside(world: World, seen: Sighting): boolean {
  return seen.otherhost && linkOf(world, seen)?.master === undefined;
}

/** Where the packet was seen just before, on its way to this place. */
export function predecessor(
  { world, seen }: Facts,
  at: Sighting,
): Sighting | undefined {
  const earlier = seen.slice(0, seen.indexOf(at)).reverse()
    .filter((each) => each.role === at.role && !isAside(world, each));
  const here = earlier.filter(({ namespace }) => namespace === at.namespace);
  const master = linkOf(world, at)?.master;
  if (at.direction === "in") {
    return here.find((each) => linkOf(world, each)?.master === at.link) ??
      earlier.find(({ direction }) => direction === "out");
  }
  return here.find((each) =>
    each.direction === "in" ||
    (master !== undefined && each.link === master)
  );
}
