/** What NAT makes of a packet's destination before it is routed. */

import type { Sighting } from "./sighting.ts";
import { ruleFits } from "./rule_fits.ts";
import type { FullEvidence } from "./evidence.ts";

/**
 * For whom a packet really is. Where a request's source was rewritten, conntrack
 * writes the answer's destination back before anything else; a rule of DNAT
 * does so with a request.
 */
export function translated(
  { seen, hits, protocol }: FullEvidence,
  at: Sighting,
): string {
  const { namespace, role, link, src, dst } = at;
  if (role === "request") {
    const packet = { in: link, src, dst, protocol };
    const rule = hits.get(namespace)?.find((hit) =>
      hit.target === "DNAT" && ruleFits(hit, packet)
    );
    return rule?.text.match(/--to-destination ([\d.]+)/)?.[1] ?? dst;
  }
  const requests = seen.filter((each) =>
    each.namespace === namespace && each.role === "request"
  );
  const out = requests.findLast((each) =>
    each.direction === "out" && each.src === dst
  );
  const cameIn = requests.findLast(({ direction }) => direction === "in");
  return out && cameIn ? cameIn.src : dst;
}
