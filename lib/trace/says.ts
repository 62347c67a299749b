/** What an answer says, who says it, and why he says no. */

import { ruleText } from "../net/firewall/rule_text.ts";
import { holder } from "../net/namespace.ts";
import type { Outcome } from "../walk/flow.ts";
import { t } from "../cli/translate.ts";
import type { FullEvidence } from "./evidence.ts";
import { called } from "./namespaces.ts";
import type { Sighting } from "./sighting.ts";
import { handleOf, stateOf } from "./world.ts";

/** In a sentence or two; undefined if it says no more than "I am here". */
export async function saysOf(
  facts: FullEvidence,
  answer: Sighting,
): Promise<string | undefined> {
  const { world, seen, probe, to } = facts;
  if (!probe.refuses(answer)) return probe.accepts;
  const port = probe.flow.dport;
  const first = seen.find(({ role }) => role === "reply") ?? answer;
  // Whoever sent it is in view if it was seen to leave there.
  if (first.direction === "in") {
    return t`It refuses: nothing listens on port ${port}, or a firewall out of view rejects it.`;
  }
  const who = called(first.namespace.name);
  const rejected = rejectedIn(facts, first);
  if (rejected) {
    const { chain, rule } = rejected;
    const text = rule && await ruleText(rule);
    return t`It refuses: a rule of ${who} rejects it${
      text ? `: ${text}` : ` (${chain.name})`
    }.`;
  }
  const asked = seen.findLast(({ role, namespace }) =>
    role === "request" && namespace === first.namespace
  );
  const isHis = holder(stateOf(world, first.namespace), asked?.dst ?? to);
  return isHis
    ? t`It refuses: nothing listens on port ${asked?.dport ?? port} of ${who}.`
    : t`It refuses: ${who} sent that, which has not the address that was asked. A rule there rejects it.`;
}

/** The rule or policy of the one who answered that rejects, by the walk. */
function rejectedIn(
  { foretold: { world, trips } }: FullEvidence,
  { namespace }: Sighting,
): (Outcome & { end: "dropped" })["by"] {
  for (const { request: { outcome } } of trips) {
    if (
      outcome.end === "dropped" && outcome.told && outcome.by &&
      handleOf(world, outcome.namespace) === namespace
    ) return outcome.by;
  }
}
