/** Which rule of NAT rewrote a packet that was seen to be rewritten. */

import { ruleText } from "../net/firewall/rule_text.ts";
import { passHook } from "../net/firewall/pass_hook.ts";
import type { Protocol } from "../net/firewall/packet.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import { stateOf, type World } from "./world.ts";

/** A packet as it was seen before it came to a hook. */
export interface AtHook {
  /** The hook where its addresses are rewritten. */
  hook: string;
  /** The number of its IP protocol. */
  protocol: number;
  /** The interface that it came in by. */
  iif?: string;
  /** The interface that it is to go out of. */
  oif?: string;
  /** Source address. */
  src: string;
  /** Destination address. */
  dst: string;
  /** Source port, of TCP and UDP. */
  sport?: number;
  /** Destination port. */
  dport?: number;
}

/** The rule as its program prints it; undefined where it cannot be told. */
export async function ruleOfNat(
  world: World,
  handle: NamespaceHandle,
  { hook, protocol, ...packet }: AtHook,
): Promise<string | undefined> {
  const namespace = stateOf(world, handle);
  const { chains } = await world.network.firewall(namespace);
  const passages = passHook(chains, ["ip", "inet"], hook, {
    ...packet,
    family: "ip",
    protocol: PROTOCOLS[protocol],
    ...protocol === 1 ? { icmp: { type: 8, code: 0 } } : {},
    ...protocol === 6 ? { flags: ["syn"] } : {},
    ttl: 64,
    mark: 0,
    own: namespace.links.flatMap(({ addresses }) =>
      addresses.map(({ local }) => local)
    ),
    ct: { state: "new", direction: "original", nat: [], mark: 0 },
  });
  const rule = passages.find(({ nat }) => nat)?.nat?.rule;
  return rule && await ruleText(rule);
}

const PROTOCOLS: Record<number, Protocol> = { 1: "icmp", 6: "tcp", 17: "udp" };
