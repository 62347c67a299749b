/** What a namespace's firewall does to a packet on its way, in short texts. */

import { t } from "../cli/translate.ts";
import { readIptables } from "../net/firewall/iptables.ts";
import {
  type Chain,
  matches,
  natOf,
  type Rule,
  type Statement,
} from "../net/firewall/ruleset.ts";
import type { Namespace } from "../net/namespace.ts";
import type { SavedRules } from "../net/saved_rules.ts";
import { address, type Place, probe } from "./probe.ts";
import { publishedTexts } from "./published.ts";

/** A rule, and how it reads in a figure. */
export interface RuleText {
  /** In a figure's words. */
  text: string;
  /** The rule. */
  rule: Rule;
}

/** The chains of a snapshot's rules, which are those of the iptables typed. */
export function savedChains(rules: SavedRules): Chain[] {
  const tables = Object.entries(rules).map(([table, lines]) =>
    [
      `*${table}`,
      ...lines.map((line) =>
        line.replace(/^-P (\S+) (\S+)$/, ":$1 $2").replace(
          /^-N (\S+)$/,
          ":$1 -",
        )
      ),
      "COMMIT",
    ].join("\n")
  );
  return readIptables(tables.join("\n"), "iptables", "iptables");
}

/** Each rule that rewrites an address, and how it reads. */
export function natTexts(
  chains: readonly Chain[],
  namespace: Namespace,
  uplink?: string,
): RuleText[] {
  const place = { chains, namespace, uplink };
  const seen = new Set<string>();
  return chains.filter((chain) => isAsked(chain, chains)).flatMap((chain) =>
    chain.rules.flatMap((rule) => {
      const kind = natOf(rule);
      const texts = kind === "dnat"
        ? publishedTexts(rule, place) ?? [inOwnWords(rule, chain)]
        : kind === "snat"
        ? [senderText(rule, place) ?? inOwnWords(rule, chain)]
        : [];
      return texts.map((text) => ({ text, rule }));
    })
  ).filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** Whether packets come to a chain: by a hook, or from another chain. */
function isAsked(chain: Chain, all: readonly Chain[]): boolean {
  return chain.hook !== undefined ||
    all.some((other) =>
      other.backend === chain.backend && other.family === chain.family &&
      other.table === chain.table &&
      other.rules.some(({ statements }) =>
        statements.some((it) => leadsTo(it, chain.name))
      )
    );
}

function leadsTo(statement: Statement, name: string): boolean {
  if (statement.does !== "judge") return false;
  const verdict = statement.verdict(probe({}));
  // Of what depends on the packet we have seen one way only.
  return verdict === undefined || verdict === "unknown" ||
    ("chain" in verdict && verdict.chain === name);
}

/**
 * `MASQUERADE 192.168.0.0/24 as 203.0.113.2`, where networks and the way out
 * are all that a rule asks about; undefined for any other.
 */
function senderText(rule: Rule, place: Place): string | undefined {
  const { statements, from, to, out } = rule;
  const nat = statements.find(({ does }) => does === "nat");
  if (nat?.does !== "nat") return;
  const asked = statements.filter(({ does }) => does === "match").length;
  const told = [from, to, out].filter((each) => each !== undefined).length;
  const isItself = from !== undefined && from === to;
  // Docker's for a container that asks its own published port.
  const target = nat.kind === "masquerade" ? "MASQUERADE" : "SNAT";
  if (isItself && /\/32$|^[^/]+$/.test(from)) {
    return t`${target} ${from} to itself`;
  }
  const oif = out && !out.startsWith("! ") ? out : place.uplink ?? "-";
  const packet = probe({
    src: from?.split("/")[0] ?? "192.0.2.1",
    dst: to?.split("/")[0] ?? "8.8.8.8",
    oif,
  });
  if (asked !== told || matches(rule, packet) !== true) return;
  const as = nat.kind === "masquerade"
    ? address(place.namespace, oif) ?? oif
    : nat.to(packet)?.address;
  if (!as) return;
  const whose = from ?? t`everything`;
  return to
    ? t`${target} ${whose} to ${to} as ${as}`
    : t`${target} ${whose} as ${as}`;
}

/** A rule that asks for more than a figure can say. */
function inOwnWords(rule: Rule, chain: Chain): string {
  if (chain.backend !== "nft") return rule.line.replace(/^-A /, "");
  const nat = rule.statements.find(({ does }) => does === "nat");
  const kind = nat?.does === "nat" ? nat.kind : "";
  const whose = [rule.from, rule.to && `→ ${rule.to}`].filter(Boolean);
  const what = [kind, ...whose].join(" ");
  return t`${what}, for some (${chain.table} ${chain.name})`;
}
