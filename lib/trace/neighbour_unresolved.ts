/** A packet that is routed, but cannot be handed to anybody. */

import type { Finding } from "./cause_kinds.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import type { FullEvidence } from "./evidence.ts";
import { unanswered, whyUnanswered } from "./unanswered.ts";
import { brokenCable, endAt } from "./cables.ts";

/**
 * There is no answer by ARP, or no cable.
 *
 * @param route what `ip route get` says.
 */
export async function neighbourUnresolved(
  { world, exchanges }: FullEvidence,
  namespace: NamespaceHandle,
  route: string,
): Promise<Finding | undefined> {
  const exchange = unanswered(exchanges, namespace);
  if (exchange) return await whyUnanswered(world, exchange);
  const end = endAt(world, namespace, route.match(/ dev (\S+)/)?.[1] ?? "");
  return end && await brokenCable(world, end);
}
