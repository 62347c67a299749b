/** A request whose source nobody rewrote, and nobody can answer. */

import type { Finding } from "./cause_kinds.ts";
import type { Sighting } from "./sighting.ts";
import { called } from "./namespaces.ts";
import { isPrivate } from "../net/private.ts";
import type { FullEvidence } from "./evidence.ts";
import { ownerOf } from "./cables.ts";
import { ask, type Evidence } from "./world.ts";
import { t } from "../cli/translate.ts";

/**
 * The cause of an answer that has no way back: the router that let the request
 * out with somebody else's private source. Undefined if there is none.
 *
 * @param at where the request arrived, or was seen last.
 * @param more what else shows that nobody can answer.
 */
export async function noNat(
  { world, seen }: FullEvidence,
  at: Sighting,
  more: Evidence[] = [],
): Promise<Finding | undefined> {
  if (!isPrivate(at.src) || isPrivate(at.dst)) return undefined;
  // The last router that it went out of: where the rule would have to be.
  const out =
    seen.findLast((each) =>
      each.role === "request" && each.direction === "out"
    ) ?? at;
  if (ownerOf(world, at.src)?.namespace === out.namespace) return undefined;
  const who = called(out.namespace.name);
  const rules = await ask(
    world,
    out.namespace,
    "iptables -t nat -S POSTROUTING",
  );
  return {
    kind: "no-nat",
    sentence: t`The request went out of ${who} by ${out.link} with the private
    source ${at.src}: no NAT rewrote it, so nobody out there can send an
    answer back.`,
    evidence: [...more, rules],
  };
}
