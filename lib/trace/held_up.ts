/** A packet that is routed, but cannot be handed to anybody. */

import type { Finding } from "./cause.ts";
import type { Place } from "./places.ts";
import type { Evidenced } from "./evidence.ts";
import { unanswered, whyUnanswered } from "./unanswered.ts";
import { brokenWire, endAt } from "./wire.ts";

/**
 * There is no answer by ARP, or no cable.
 *
 * @param route what `ip route get` says.
 */
export async function heldUp(
  { world, exchanges }: Evidenced,
  place: Place,
  route: string,
): Promise<Finding | undefined> {
  const exchange = unanswered(exchanges, place);
  if (exchange) return await whyUnanswered(world, exchange);
  const end = endAt(world, place, route.match(/ dev (\S+)/)?.[1] ?? "");
  return end && await brokenWire(world, end);
}
