/** Which rule of native nftables rewrote a packet. */

import { ruleMatches } from "./nft_match.ts";
import { readRuleset, showChain } from "./nft_ruleset.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import type { Passing } from "./rule_fits.ts";
import type { World } from "./world.ts";

/** The first rule that may have done it, as nft prints it; undefined if none. */
export async function nftNat(
  world: World,
  namespace: NamespaceHandle,
  packet: Passing,
  which: "source" | "destination",
): Promise<string | undefined> {
  const verbs = which === "source"
    ? ["masquerade", "snat"]
    : ["dnat", "redirect"];
  const { rules } = await readRuleset(world, namespace);
  const rule = rules.find((rule) =>
    rule.expr.some((part) => verbs.some((verb) => verb in part)) &&
    ruleMatches(rule, packet) !== false
  );
  if (!rule) return undefined;
  const { family, table, chain: name } = rule;
  return (await showChain(world, namespace, { family, table, name }, rule))
    .shows;
}
