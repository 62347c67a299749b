/** The rules of nftables in a namespace, read by `nft -j`, see libnftables-json(5). */

import { quotedLine } from "../cli/shell.ts";
import { parseToolJson } from "../cli/json.ts";
import { run } from "../cli/command.ts";
import type { NftRule } from "./nft_match.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";
import type { Evidence, World } from "./world.ts";

/** A chain; a base chain if it has a hook. */
export interface NftChain {
  /** `ip`, `inet`, `bridge`, … */
  family: string;
  /** The table's name. */
  table: string;
  /** Its own name. */
  name: string;
  /** Where the kernel asks it: `forward`, … */
  hook?: string;
  /** The lower, the earlier. */
  prio?: number;
  /** What becomes of a packet that no rule decides on. */
  policy?: string;
  /** The interfaces, for the hook `ingress`. */
  devices?: string[];
}

/** All chains and rules of a namespace; none where nft is not installed. */
export async function readRuleset(
  world: World,
  namespace: NamespaceHandle,
): Promise<{ chains: NftChain[]; rules: NftRule[] }> {
  const json = await nft(world, namespace, ["-j", "list", "ruleset"]);
  const items: Record<string, never>[] = json
    ? parseToolJson(json, "nft").nftables
    : [];
  const chains: NftChain[] = items.flatMap(({ chain }) => chain ?? []);
  for (const chain of chains) {
    if (chain.family !== "netdev") continue;
    // Not every version tells them in JSON.
    const { shows } = await showChain(world, namespace, chain);
    const names = shows.match(/ devices? (= \{[^}]*\}|\S+)/)?.[1] ?? "";
    chain.devices = names.match(/[^\s{}",=]+/g) ?? [];
  }
  return {
    chains,
    rules: items.flatMap(({ rule }) => rule ?? []),
  };
}

/** A rule of a chain as nft prints it, or the line with the chain's policy. */
export async function showChain(
  world: World,
  namespace: NamespaceHandle,
  { family, table, name }: Pick<NftChain, "family" | "table" | "name">,
  rule?: NftRule,
): Promise<Evidence> {
  const words = ["list", "chain", family, table, name];
  const text = await nft(world, namespace, ["-a", ...words]);
  const lines = text.split("\n").map((line) => line.trim());
  const line = rule
    ? lines.find((line) => line.endsWith(`# handle ${rule.handle}`))
    : lines.find((line) => line.includes("policy"));
  return {
    command: `${namespace.prefix} nft ${quotedLine(words)}`.trim(),
    shows: line?.replace(/ # handle \d+$/, "") ?? "(nothing)",
  };
}

/** Whether nft is installed. */
export async function hasNft(): Promise<boolean> {
  try {
    return (await run(["nft", "--version"])).code === 0;
  } catch {
    return false;
  }
}

async function nft(world: World, namespace: NamespaceHandle, args: string[]) {
  try {
    return (await inside(
      world.namespaces,
      namespace,
      () => run(["nft", ...args]),
    ))
      .stdout;
  } catch {
    return ""; // Not installed, see hasNft.
  }
}
