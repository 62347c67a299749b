/**
 * Native nftables. Its rules rarely have counters, so the packet is walked
 * through the ruleset as the kernel would, see
 * {@link https://man7.org/linux/man-pages/man8/nft.8.html nft(8)}. A match that
 * we cannot judge is neither yes nor no; a drop behind it is told as possible.
 */

import { run } from "../command.ts";
import type { Finding } from "./cause.ts";
import type { Way } from "./firewall.ts";
import { type NftPacket, type NftRule, ruleMatches } from "./nft_match.ts";
import { called, inside, type Place } from "./places.ts";
import type { World } from "./world.ts";

interface Chain {
  family: string;
  table: string;
  name: string;
  hook?: string;
  prio?: number;
  policy?: string;
}

interface Drop {
  chain: Chain;
  rule?: NftRule;
  sure: boolean;
}

/** The nftables rule or policy that drops a packet on this way. */
export async function nftDrop(
  world: World,
  place: Place,
  way: Way,
  protocol: number,
): Promise<Finding | undefined> {
  const json = await nft(world, place, ["-j", "list", "ruleset"]);
  if (!json) return undefined;
  const items: Record<string, never>[] = JSON.parse(json).nftables;
  const chains: Chain[] = items.flatMap(({ chain }) => chain ?? []);
  const rules: NftRule[] = items.flatMap(({ rule }) => rule ?? []);
  const families = [
    ...(way.bridge ? ["bridge"] : []),
    ...(!way.bridge || way.ip ? ["ip", "inet"] : []),
  ];
  const packet: NftPacket = { ...way, protocol };
  const found = way.hooks.flatMap((hook) =>
    chains
      .filter((chain) => chain.hook === hook && families.includes(chain.family))
      .sort((a, b) => (a.prio ?? 0) - (b.prio ?? 0))
      .flatMap((chain) => walk(chain, chains, rules, packet))
  );
  const drop = found.find(({ sure }) => sure) ?? found[0];
  return drop && await tell(world, place, drop);
}

/** Walks one base chain; returns its drop, if the packet may come to it. */
function walk(
  base: Chain,
  chains: Chain[],
  rules: NftRule[],
  packet: NftPacket,
): Drop[] {
  const possible: Drop[] = [];
  // True: the packet's fate is decided, in this base chain.
  const through = (chain: Chain, sure: boolean): boolean => {
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
  place: Place,
  { chain, rule, sure }: Drop,
): Promise<Finding> {
  const words = ["list", "chain", chain.family, chain.table, chain.name];
  const text = await nft(world, place, ["-a", ...words]);
  const lines = text.split("\n").map((line) => line.trim());
  const line = rule
    ? lines.find((line) => line.endsWith(`# handle ${rule.handle}`))
    : lines.find((line) => line.includes("policy"));
  const where = `nftables chain ${chain.family} ${chain.table} ${chain.name}`;
  return {
    kind: rule ? "dropped-by-rule" : "dropped-by-policy",
    sentence:
      `${called(place.name)}'s firewall ${sure ? "drops" : "may drop"} ` +
      (rule
        ? `it: a rule of ${where} matches.`
        : `it: no rule of ${where} lets it through, and its policy is drop.`),
    evidence: [{
      command: `${place.prefix} nft ${words.join(" ")}`.trim(),
      shows: line?.replace(/ # handle \d+$/, "") ?? "",
    }],
  };
}

/** What nft prints; nothing where it is not installed. */
async function nft(world: World, place: Place, args: string[]) {
  try {
    return (await inside(world.places, place, () => run(["nft", ...args])))
      .stdout;
  } catch {
    return "";
  }
}
