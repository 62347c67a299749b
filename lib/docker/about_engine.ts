/** Which engine it is, and what it keeps its rules with. */

import type { Engine } from "../net/engines.ts";
import type { Chain } from "../net/firewall/ruleset.ts";
import { engineOfChain } from "../net/firewall/owners.ts";
import { ask } from "./ask.ts";

/** An engine, by its own words and by what it did. */
export interface AboutEngine {
  /** The program that answers for it. */
  client: Engine;
  /** The engine's version, not the client's, such as `20.10.24+dfsg1`. */
  version: string;
  /** What its rules are kept with: `iptables`, `nftables`, or why unknown. */
  firewall: string;
  /** Whether it says so itself (`told`), or its rules were found (`seen`). */
  firewallBy: "told" | "seen" | "unknown";
}

/** Asks the engine; `chains` are those of the machine. */
export async function readAbout(
  client: Engine,
  chains: readonly Chain[],
): Promise<AboutEngine> {
  const info = JSON.parse(
    await ask(client, ["info", "--format", "{{json .}}"]),
  );
  const version = info.ServerVersion ?? info.version?.Version ??
    info.Version?.Version ?? "unknown";
  const told: string | undefined = info.FirewallBackend?.Driver;
  if (told) return { client, version, firewall: told, firewallBy: "told" };
  const seen = firewallOf(client, chains);
  return {
    client,
    version,
    firewall: seen ?? "no rule of its own was found",
    firewallBy: seen ? "seen" : "unknown",
  };
}

/** Whether a chain, or its table of nftables, is this engine's. */
export function isOf(client: Engine, { backend, name, table }: Chain): boolean {
  const own = client === "docker" ? ["Docker"] : ["Podman", "CNI"];
  return [name, ...backend === "nft" ? [table] : []]
    .some((each) => own.includes(engineOfChain(each)?.name ?? ""));
}

/** The backends that hold chains of the engine. */
function firewallOf(
  client: Engine,
  chains: readonly Chain[],
): string | undefined {
  const found = new Set(
    chains.filter((each) => isOf(client, each)).map(({ backend }) =>
      backend === "nft" ? "nftables" : "iptables"
    ),
  );
  return found.size > 0 ? [...found].join(" and ") : undefined;
}
