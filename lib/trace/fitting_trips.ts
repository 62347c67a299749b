/** Which of the ways that were foretold a packet took, by where it was seen. */

import type { Namespace } from "../net/namespace.ts";
import type { Leg, RoundTrip, Step } from "../walk/flow.ts";
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
  return trips.map((trip) => withoutUnseen(trip, last)).filter(
    ({ request, reply }) => {
      const places = [
        ...placesOf("request", request, world),
        ...reply ? placesOf("reply", reply, world) : [],
      ];
      return places.every((place) => visible.has(place)) &&
        isLostAt(reply ?? request, last, places, world);
    },
  );
}

/** A trip without an answer from out of view that was not seen to come. */
export function withoutUnseen(
  trip: RoundTrip,
  last: Sighting | undefined,
): RoundTrip {
  return trip.answered === "assumed" && last?.role !== "reply"
    ? { request: trip.request }
    : trip;
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
function placesOf(role: string, { steps }: Leg, world: World): string[] {
  const lastMove = steps.findLast(({ kind }) => kind !== "hook");
  return steps.flatMap((step) =>
    placesOfStep(role, step, step === lastMove, world)
  );
}

/** The first steps of a leg, as far as the packet was seen to take them. */
export function stepsSeen(
  role: string,
  { steps }: Leg,
  seen: readonly Sighting[],
  world: World,
): Step[] {
  const visible = new Set(seen.map((each) => placeOf(each.role, each)));
  const wrong = steps.findIndex((step) =>
    !placesOfStep(role, step, false, world).every((each) => visible.has(each))
  );
  return wrong < 0 ? [...steps] : steps.slice(0, wrong);
}

/**
 * @param isLast of the last step it is not said that the packet came out: it
 * may be lost before, by a rule, in a queue, for want of a neighbour.
 */
function placesOfStep(
  role: string,
  step: Step,
  isLast: boolean,
  world: World,
): string[] {
  const at = (namespace: Namespace, link: string, direction: "in" | "out") =>
    placeOf(role, { namespace: handleOf(world, namespace), link, direction });
  switch (step.kind) {
    case "sent":
    case "forwarded":
      return isLast ? [] : [at(step.at.namespace, step.at.link.name, "out")];
    case "arrived":
      return [at(step.at.namespace, step.at.link.name, "in")];
    case "switched": {
      const { namespace, from, to, bridge } = step;
      return [
        ...from === bridge ? [] : [at(namespace, from, "in")],
        ...isLast ? [] : [at(namespace, to, "out")],
      ];
    }
    default:
      return [];
  }
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
