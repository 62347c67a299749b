/** What a firewall counted between two readings. */

import type { Chain } from "./ruleset.ts";

/** A rule or a policy that matched packets meanwhile. */
export interface Rise {
  /** How many it had matched before. */
  before: number;
  /** And after. */
  after: number;
}

/**
 * How the counter of a rule, or of a chain's policy, rose between two readings
 * of the same firewall. Undefined where it did not, where nobody counts, or where
 * the rules are no longer the same.
 *
 * @param chain one of the first reading's chains.
 * @param at the rule's place in it; absent for the policy.
 */
export function rise(
  chain: Chain,
  at: number | undefined,
  later: readonly Chain[],
): Rise | undefined {
  const again = later.find(({ backend, family, table, name }) =>
    backend === chain.backend && family === chain.family &&
    table === chain.table && name === chain.name
  );
  const [one, other] = at === undefined
    ? [chain, again]
    : [chain.rules[at], again?.rules[at]];
  const [before, after] = [one?.packets, other?.packets];
  return one?.line === other?.line && before !== undefined &&
      after !== undefined && after > before
    ? { before, after }
    : undefined;
}
