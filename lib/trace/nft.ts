/**
 * Native nftables. Its rules rarely have counters, so the packet is walked
 * through the ruleset as the kernel would, see
 * {@link https://man7.org/linux/man-pages/man8/nft.8.html nft(8)}. A match that
 * we cannot judge is neither yes nor no; a drop behind it is told as possible.
 */

import type { Finding } from "./cause_kinds.ts";
import type { HookPath } from "./rule_fits.ts";
import { type NftRule, ruleMatches } from "./nft_match.ts";
import {
  hasNft,
  type NftChain,
  readRuleset,
  showChain,
} from "./nft_ruleset.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import type { Passing } from "./rule_fits.ts";
import type { World } from "./world.ts";
import { t } from "../cli/translate.ts";

interface Drop {
  chain: NftChain;
  rule?: NftRule;
  sure: boolean;
}

/** The nftables rule or policy that drops a packet on this way. */
export async function nftDrop(
  world: World,
  namespace: NamespaceHandle,
  way: HookPath,
  protocol: number,
): Promise<Finding | undefined> {
  const { chains, rules } = await readRuleset(world, namespace);
  const routed: Passing = { ...way, protocol };
  const atPort: Passing = { ...routed, ...way.ports };
  const found = way.hooks.flatMap((hook) =>
    chains
      .filter((chain) => chain.hook === hook && isAsked(chain, way))
      .sort((a, b) => (a.prio ?? 0) - (b.prio ?? 0))
      .flatMap((chain) => {
        const isBelow = chain.family === "bridge" || chain.family === "netdev";
        return walk(chain, chains, rules, isBelow ? atPort : routed);
      })
  );
  const drop = found.find(({ sure }) => sure) ?? found[0];
  return drop && await tell(world, namespace, drop);
}

/** Whether packets on this way come to a base chain of this family. */
function isAsked({ family, devices }: NftChain, way: HookPath): boolean {
  if (family === "bridge") return way.ports !== undefined;
  if (family === "netdev") {
    return devices?.includes(way.ports?.in ?? way.in ?? "") ?? false;
  }
  return (family === "ip" || family === "inet") &&
    (way.ports === undefined || way.ip === true);
}

/** Walks one base chain; returns its drop, if the packet may come to it. */
function walk(
  base: NftChain,
  chains: NftChain[],
  rules: NftRule[],
  packet: Passing,
): Drop[] {
  const possible: Drop[] = [];
  // True: the packet's fate is decided, in this base chain.
  const through = (chain: NftChain, sure: boolean): boolean => {
    const own = rules.filter(({ family, table, chain: name }) =>
      family === chain.family && table === chain.table && name === chain.name
    );
    for (const rule of own) {
      const matches = ruleMatches(rule, packet);
      if (matches === false) continue;
      const isSure = sure && matches === true;
      for (const expr of rule.expr) {
        if ("drop" in expr || "reject" in expr) {
          possible.push({ chain, rule, sure: isSure });
          if (matches) return true;
        }
        if ("accept" in expr && matches) return true;
        if ("return" in expr && matches) return false;
        const target = expr.jump?.target ?? expr.goto?.target;
        const next = chains.find(({ family, table, name }) =>
          family === chain.family && table === chain.table && name === target
        );
        if (next && through(next, isSure) && matches) return true;
        if (expr.goto && matches) return false;
      }
    }
    return false;
  };
  const isDecided = through(base, true);
  if (!isDecided && base.policy === "drop") {
    possible.push({ chain: base, sure: true });
  }
  return possible;
}

async function tell(
  world: World,
  namespace: NamespaceHandle,
  { chain, rule, sure }: Drop,
): Promise<Finding> {
  const evidence = await showChain(world, namespace, chain, rule);
  const where = t`nftables chain ${chain.family} ${chain.table} ${chain.name}`;
  return {
    kind: rule ? "dropped-by-rule" : "dropped-by-policy",
    sentence:
      t`${called(namespace.name)}'s firewall ${sure ? "drops" : "may drop"} ` +
      (rule
        ? t`it: a rule of ${where} matches.`
        : t`it: no rule of ${where} lets it through, and its policy is drop.`),
    evidence: [evidence],
  };
}

/** What could not be looked at, as a sentence; "" if all could. */
export async function blindSpot(): Promise<string> {
  return await hasNft()
    ? ""
    : t`Rules of native nftables were not looked at: nft is not installed.`;
}
