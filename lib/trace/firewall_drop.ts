/** Whether a firewall threw the packet away, and which rule of it. */

import { printable } from "../cli/printable.ts";
import { shell } from "../cli/shell.ts";
import type { Finding } from "./cause_kinds.ts";
import type { Hit } from "./rule_counters.ts";
import { nftDrop } from "./nft.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import { chainsFrom, HookPath, ruleFits } from "./rule_fits.ts";
import type { FullEvidence } from "./evidence.ts";
import { t } from "../cli/translate.ts";

/** The rule or policy of this namespace that dropped the packet. */
export async function dropped(
  facts: FullEvidence,
  namespace: NamespaceHandle,
  way: HookPath,
): Promise<Finding | undefined> {
  const hits = facts.hits.get(namespace) ?? [];
  const packet = { ...way, protocol: facts.protocol };
  const asksIptables = !way.ports || way.ip === true;
  const hit = asksIptables &&
    hits.find((hit) =>
      /^(DROP|REJECT)$/.test(hit.target) && ruleFits(hit, packet) &&
      chainsFrom(way.hooks, hit.table, hits).has(hit.chain)
    );
  if (hit) return byIptables(namespace, hit, way);
  return await nftDrop(facts.world, namespace, way, facts.protocol);
}

function byIptables(
  namespace: NamespaceHandle,
  hit: Hit,
  { ports }: HookPath,
): Finding {
  const isPolicy = hit.text.startsWith("-P");
  const who = called(namespace.name);
  const verb = hit.target === "REJECT" ? "rejected" : "dropped";
  return {
    kind: isPolicy ? "dropped-by-policy" : "dropped-by-rule",
    sentence: t`${who}'s firewall ${verb} it: ` +
      (isPolicy
        ? t`no rule let it through, and the policy of chain ${hit.chain} is
    ${hit.target}.`
        : t`a rule of chain ${hit.chain} in table ${hit.table} says so.`) +
      (ports ? t` The bridge asks iptables about what it switches.` : ""),
    evidence: [{
      command:
        `${namespace.prefix} ${shell`${hit.program} -t ${hit.table} -vS ${hit.chain}`}`
          .trim(),
      shows: `${
        printable(hit.text)
      }\npackets: ${hit.before} before, ${hit.packets} after`,
    }],
  };
}
