/** What an engine's network consists of on the machine, looked up part by part. */

import { tryRun } from "../net/firewall/read.ts";
import type { Chain, Rule } from "../net/firewall/ruleset.ts";
import { forwards, linkOf, type Namespace } from "../net/namespace.ts";

/** The parts in which engines differ from one another and from a lab. */
export interface Parts {
  /** `net.ipv4.ip_forward`. */
  forwarding: boolean;
  /** `net.bridge.bridge-nf-call-iptables`; null: br_netfilter is not there. */
  bridgeNetfilter: boolean | null;
  /** The policy of every base chain at forward, `ip filter FORWARD: drop`. */
  forwardPolicies: string[];
  /** Chains that the engine (or somebody) made, `iptables filter DOCKER`. */
  chains: string[];
  /** The tables of nftables that are not kept by iptables. */
  tables: string[];
  /** Rules before connection tracking that drop, by their text or handle. */
  rawDrops: string[];
  /** Rules that give a packet another sender's address. */
  masquerades: number;
  /** The bridges that have an address: gateway and switch in one. */
  bridgesWithAddress: string[];
  /** Ports of bridges that send a frame back where it came from. */
  hairpins: string[];
}

/** Where the raw table stands among the chains of a hook. */
const TRACKING = -200;

/** Looks at the machine's namespace and its rules. */
export async function readParts(
  machine: Namespace,
  chains: readonly Chain[],
): Promise<Parts> {
  const asked = await tryRun(
    ["sysctl", "-n", "-e", "net.bridge.bridge-nf-call-iptables"],
  );
  const value = asked?.stdout.trim() ?? "";
  return {
    forwarding: forwards(machine),
    bridgeNetfilter: value === "" ? null : value === "1",
    ...partsOfRules(chains),
    bridgesWithAddress: machine.links
      .filter(({ kind, addresses }) => kind === "bridge" && addresses.length)
      .map(({ name }) => name),
    hairpins: machine.links.filter(({ port, master }) =>
      port?.hairpin && linkOf(machine, master)?.kind === "bridge"
    ).map(({ name }) => name),
  };
}

/** The parts that are rules, whoever keeps them. */
export function partsOfRules(
  chains: readonly Chain[],
): Omit<
  Parts,
  "forwarding" | "bridgeNetfilter" | "bridgesWithAddress" | "hairpins"
> {
  const title = ({ backend, family, table, name }: Chain) =>
    backend === "nft"
      ? `nft ${family} ${table} ${name}`
      : `iptables ${table} ${name}`;
  return {
    forwardPolicies: chains.filter(({ hook, type }) =>
      hook === "forward" && type !== "nat"
    ).filter(({ family, table }) => family !== "bridge" && table !== "mangle")
      .map((each) => `${title(each)}: ${each.policy}`),
    chains: chains.filter(({ backend, hook }) => backend === "nft" || !hook)
      .map(title),
    tables: [
      ...new Set(
        chains.filter(({ backend }) => backend === "nft")
          .map(({ family, table }) => `${family} ${table}`),
      ),
    ],
    rawDrops: chains.filter(({ hook, priority, type }) =>
      hook === "prerouting" && type === "filter" && priority < TRACKING
    ).flatMap(({ rules }) => rules.filter(drops).map(({ line }) => line)),
    masquerades: chains.flatMap(({ rules }) => rules).filter(
      ({ statements }) =>
        statements.some((each) =>
          each.does === "nat" && ["masquerade", "snat"].includes(each.kind)
        ),
    ).length,
  };
}

const NOBODY = {
  family: "ip",
  src: "192.0.2.1",
  dst: "192.0.2.2",
  ttl: 64,
  ct: { direction: "original", nat: [] },
  own: [],
} as const;

/** Whether the rule's end is that a packet is dropped. */
function drops({ statements }: Rule): boolean {
  return statements.some((each) => {
    if (each.does !== "judge") return false;
    const verdict = each.verdict(NOBODY);
    return typeof verdict === "object" && verdict.kind === "drop";
  });
}
