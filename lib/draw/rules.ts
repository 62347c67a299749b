/** What the firewall's rules do to a packet on its way, in short texts. */

import type { Snapshot } from "../net/snapshot.ts";
import { t } from "../cli/translate.ts";

/** Each rule of the table nat that rewrites an address, and how it reads. */
export function natTexts(snapshot: Snapshot): { text: string; rule: string }[] {
  return (snapshot.rules.nat ?? [])
    .filter((rule) => /^-A .* -j (MASQUERADE|SNAT|DNAT)\b/s.test(rule))
    .map((rule) => ({ rule, text: natText(rule, snapshot) }));
}

/**
 * `MASQUERADE 192.168.0.0/24 as 203.0.113.2` for the plain form of such a rule,
 * which is the lab's; any other in its own words.
 */
function natText(rule: string, snapshot: Snapshot): string {
  const plain = rule.match(
    /^-A POSTROUTING -s (\S+) -o (\S+) -j (MASQUERADE|SNAT)(?: --to-source (\S+))?$/,
  );
  if (!plain) return `${rule.replace(/^-A /, "")}`;
  const [, source, out, target, to] = plain;
  const address = snapshot.machine.links.find(({ name }) => name === out)
    ?.addresses[0]?.local;
  return t`${target} ${source} as ${to ?? address ?? out}`;
}

/** Whether the chain FORWARD drops whatever no rule accepts. */
export function forwardDrop(snapshot: Snapshot): boolean {
  return (snapshot.rules.filter ?? []).includes("-P FORWARD DROP");
}
