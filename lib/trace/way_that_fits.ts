/** The walk that explains a death: the one that fits whatever was seen. */

import { linkOf } from "../net/namespace.ts";
import type { Endpoints } from "../net/firewall/packet.ts";
import { type Passed, walkOn } from "../walk/walk_on.ts";
import type { Foretold, FullEvidence } from "./evidence.ts";
import { fittingTrips, stepsSeen, withoutUnseen } from "./fitting_trips.ts";
import { foretell } from "./foretell.ts";
import type { Sighting } from "./sighting.ts";
import { readWorld, stateOf } from "./world.ts";

/**
 * The foretold ways that fit what was seen. Where none does, the network may
 * have changed just then, as when a neighbour is asked again for his MAC
 * address: so it is read once more, and walked from where the packet was seen
 * last.
 */
export async function wayThatFits(
  facts: FullEvidence,
  last: Sighting | undefined,
): Promise<Foretold> {
  const { foretold, seen, from, probe } = facts;
  const fit = ({ world, ours, trips }: Foretold): Foretold => ({
    ...{ world, ours },
    trips: fittingTrips(trips, seen, last, world),
  });
  const first = fit(foretold);
  if (first.trips.length > 0) return first;
  const { namespaces } = foretold.world;
  const again = await foretell(await readWorld(namespaces), from, probe);
  const second = fit(again);
  if (second.trips.length > 0 || !last) return second;
  return { ...again, trips: await fromThere(facts, again, last) };
}

/** The walk on from a sighting, or from the last one before it left our view. */
async function fromThere(
  { seen, from, probe }: FullEvidence,
  { world, ours, trips: [any] }: Foretold,
  farthest: Sighting,
): Promise<Foretold["trips"]> {
  const isOurs = ({ namespace }: Sighting) =>
    ours.namespaces.includes(stateOf(world, namespace));
  const last = isOurs(farthest)
    ? farthest
    : seen.findLast((each) => each.role === farthest.role && isOurs(each));
  if (!last) return [];
  const namespace = stateOf(world, last.namespace);
  const link = linkOf(namespace, last.link);
  if (!any || !link) return [];
  // What led there is told by the walk, as far as it was right.
  const isReply = last.role === "reply";
  const leg = isReply ? any.reply : any.request;
  const steps = leg ? stepsSeen(last.role, leg, seen, world) : [];
  const trips = await walkOn(
    ours,
    stateOf(world, from),
    probe.flow,
    {
      steps,
      at: { namespace, link },
      direction: last.direction,
      isReply,
      tuple: isReply
        ? { src: last.src, dst: last.dst, sport: probe.flow.dport }
        : tupleOf(last, probe.flow.dport),
      ttl: last.ttl,
      frame: { src: last.srcMac, dst: last.dstMac },
    },
    passedBy(seen, world, probe.flow.dport),
    any.request,
  );
  return trips.map((trip) => withoutUnseen(trip, last));
}

/** What each namespace made of the question's addresses. */
function passedBy(
  seen: readonly Sighting[],
  world: Foretold["world"],
  dport?: number,
): Passed[] {
  const requests = seen.filter(({ role }) => role === "request");
  return [...new Set(requests.map(({ namespace }) => namespace))]
    .flatMap((handle) => {
      const here = requests.filter(({ namespace }) => namespace === handle);
      const cameIn = here.find(({ direction }) => direction === "in");
      const wentOut = here.findLast(({ direction }) => direction === "out");
      if (!cameIn || !wentOut) return [];
      return [{
        namespace: stateOf(world, handle),
        cameIn: tupleOf(cameIn, dport),
        wentOut: tupleOf(wentOut, dport),
      }];
    });
}

function tupleOf({ src, dst }: Sighting, dport?: number): Endpoints {
  return { src, dst, ...dport === undefined ? {} : { dport } };
}
