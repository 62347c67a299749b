/** Whether a rule of iptables may have matched a packet. */

import { overlap, readPrefix } from "../course/subnet.ts";
import type { CountedRule, Hit } from "./rule_counters.ts";

/** What is known of a packet at a hook. */
export interface Passing {
  /** The interface that it came in by. */
  in?: string;
  /** The interface that it is to go out of. */
  out?: string;
  /** Source address. */
  src: string;
  /** Destination address. */
  dst: string;
  /** The number of its IP protocol. */
  protocol: number;
}

const PROTOCOLS: Record<number, string> = { 1: "icmp", 6: "tcp", 17: "udp" };

/**
 * False if the rule asks for another address, interface or protocol. What else
 * it asks for is not looked at: its counter tells.
 */
export function ruleFits({ text }: CountedRule, packet: Passing): boolean {
  const { src, dst, protocol } = packet;
  const fits: Record<string, (value: string) => boolean> = {
    s: (value) => !src || inNetwork(src, value),
    d: (value) => !dst || inNetwork(dst, value),
    i: (value) => packet.in === undefined || sameName(packet.in, value),
    o: (value) => packet.out === undefined || sameName(packet.out, value),
    p: (value) => value === (PROTOCOLS[protocol] ?? String(protocol)),
  };
  return [...text.matchAll(/(! )?-([sdiop]) (\S+)/g)].every(
    ([, not, option, value]) => fits[option](value) === (not === undefined),
  );
}

/** Whether an address is in a network such as `192.168.0.0/24`. */
export function inNetwork(address: string, network: string): boolean {
  const [one, other] = [readPrefix(address), readPrefix(network)];
  return one !== undefined && other !== undefined && overlap(one, other);
}

/** `eth+` stands for every name that begins so. */
function sameName(name: string, pattern: string): boolean {
  return pattern.endsWith("+")
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern;
}

/**
 * The chains of a table that the packet may have come to: from one of the
 * kernel's own, by way of rules that were hit.
 */
export function chainsFrom(
  hooks: readonly string[],
  table: string,
  hits: readonly Hit[],
): Set<string> {
  const chains = new Set(hooks.map((hook) => hook.toUpperCase()));
  // A chain that is added here is visited in the same loop.
  for (const chain of chains) {
    for (const hit of hits) {
      if (hit.table === table && hit.chain === chain) chains.add(hit.target);
    }
  }
  return chains;
}

/** The way of a packet through the hooks of netfilter. */

export interface HookPath {
  /** Hooks that it may have come through, in order: `prerouting`, … */
  hooks: string[];
  /** The interface that it came in by. */
  in?: string;
  /** The interface that it is to go out of. */
  out?: string;
  /** Source address. */
  src: string;
  /** Destination address. */
  dst: string;
  /** It is being switched, not routed: between these ports … */
  ports?: { in: string; out?: string };
  /** … and iptables is asked all the same. */
  ip?: boolean;
}
