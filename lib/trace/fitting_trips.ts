/** Which of the ways that were foretold a packet took, by where it was seen. */

import type { Namespace } from "../net/namespace.ts";
import type { Leg, RoundTrip } from "../walk/flow.ts";
import { linkOf } from "./cables.ts";
import { called } from "./namespaces.ts";
import type { Sighting } from "./sighting.ts";
import { handleOf, type World } from "./world.ts";

/**
 * The trips that agree with what was seen: the packet was at every place that
 * the walk leads it to, and was seen last where the walk says that it is lost.
 * An answer from out of view that was not seen to come is left out of them.
 *
 * @param last the sighting that got farthest; absent if there is none.
 */
export function fittingTrips(
  trips: readonly RoundTrip[],
  seen: readonly Sighting[],
  last: Sighting | undefined,
  world: World,
): RoundTrip[] {
  const visible = new Set(seen.map((each) => placeOf(each.role, each)));
  return trips.map((trip) =>
    trip.answered === "assumed" && last?.role !== "reply"
      ? { request: trip.request }
      : trip
  ).filter(({ request, reply }) => {
    const places = [
      ...placesOf("request", request, world),
      ...reply ? placesOf("reply", reply, world) : [],
    ];
    return places.every((place) => visible.has(place)) &&
      isLostAt(reply ?? request, last, places, world);
  });
}

/** Whether a packet that was seen last there may be lost as the leg ends. */
function isLostAt(
  { outcome, steps }: Leg,
  last: Sighting | undefined,
  places: readonly string[],
  world: World,
): boolean {
  if (!last || places.includes(placeOf(last.role, last))) return true;
  if (outcome.end === "left") return true;
  if (outcome.end === "delivered") return false;
  if (handleOf(world, outcome.namespace) === last.namespace) return true;
  // Of a flood the walk follows one copy, and another may be seen later.
  const bridge = linkOf(world, last)?.master;
  return steps.some((step) =>
    step.kind === "switched" && step.bridge === bridge &&
    handleOf(world, step.namespace) === last.namespace
  );
}

/** Where a leg's packet has to be seen, such as `request PC br0 in`. */
function placesOf(role: string, leg: Leg, world: World): string[] {
  const { steps } = leg;
  const at = (namespace: Namespace, link: string, direction: "in" | "out") =>
    placeOf(role, { namespace: handleOf(world, namespace), link, direction });
  const lastMove = steps.findLast(({ kind }) => kind !== "hook");
  return steps.flatMap((step) => {
    // It may be lost before it is out: by a rule, in a queue, for want of a
    // neighbour.
    const isOut = step !== lastMove;
    switch (step.kind) {
      case "sent":
      case "forwarded":
        return isOut ? [at(step.at.namespace, step.at.link.name, "out")] : [];
      case "arrived":
        return [at(step.at.namespace, step.at.link.name, "in")];
      case "switched": {
        const { namespace, from, to, bridge } = step;
        return [
          ...from === bridge ? [] : [at(namespace, from, "in")],
          ...isOut ? [at(namespace, to, "out")] : [],
        ];
      }
      default:
        return [];
    }
  });
}

function placeOf(
  role: string,
  { namespace, link, direction }: Pick<
    Sighting,
    "namespace" | "link" | "direction"
  >,
): string {
  return `${role} ${called(namespace.name)} ${link} ${direction}`;
}
