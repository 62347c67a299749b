/**
 * A firewall's rules, in one form for every backend: chains of rules, and a
 * rule as the list of its statements, in order.
 */

import type { Packet } from "./packet.ts";
import { every, type Truth } from "./truth.ts";

/** One part of a rule. What follows a match that does not hold is not done. */
export type Statement =
  /** The rule goes on only for packets of which this holds. */
  | { does: "match"; test: (packet: Packet) => Truth }
  /** Ends the rule, perhaps the packet's way; undefined: no verdict for this one. */
  | {
    does: "judge";
    verdict: (packet: Packet) => Verdict | "unknown" | undefined;
  }
  /** Rewrites an address and ends the rule, in a chain of type nat. */
  | {
    does: "nat";
    kind: "snat" | "dnat" | "masquerade" | "redirect";
    to: (packet: Packet) => Rewrite | undefined;
  }
  /** Writes something on the packet. */
  | { does: "change"; change: (packet: Packet) => Packet }
  /** Keeps it out of connection tracking. */
  | { does: "notrack" };

/** What becomes of a packet. */
export type Verdict =
  | { kind: "accept" | "drop" | "return" }
  /** Dropped, and the sender is told: by `icmp-port-unreachable`, `tcp-reset`. */
  | { kind: "reject"; with: string }
  | { kind: "jump" | "goto"; chain: string }
  /** Handed to a program or another device: what it does nobody can tell. */
  | { kind: "queue" };

/** An address and a port as NAT writes them; what is absent stays or is chosen. */
export interface Rewrite {
  /** The address. */
  address?: string;
  /** The port, or the first of a range. */
  port?: number;
}

/** One rule. */
export interface Rule {
  /** In order. */
  statements: readonly Statement[];
  /** The command that shows it, and how to find its line there. */
  show: string;
  /** That line. */
  line: string;
  /** The command that takes it away. */
  remove: string;
  /** How many packets it has matched; absent where nobody counts them. */
  packets?: number;
  /** The network that packets come from, the one they go to, and the way out. */
  from?: string;
  /** Where packets go to. */
  to?: string;
  /** The way out; with `! ` in front, any but this one. */
  out?: string;
}

/** A list of rules. One with a hook is where packets come in. */
export interface Chain {
  /** Who keeps it: the iptables that is typed, the other one, or nftables. */
  backend: "iptables" | "other iptables" | "nft";
  /** `ip`, `inet`, `bridge`, `arp`, `netdev`. */
  family: string;
  /** Its table. */
  table: string;
  /** Its name. */
  name: string;
  /** Such as `forward`; none for a chain that others jump to. */
  hook?: string;
  /** `filter`, `nat`, …: a nat chain sees only a flow's first packet. */
  type?: string;
  /** Chains of a hook are asked from the lowest to the highest. */
  priority: number;
  /** What becomes of a packet that no rule decided. */
  policy: "accept" | "drop";
  /** The devices of an ingress chain. */
  devices?: string[];
  /** How often that came to be; absent where nobody counts it. */
  packets?: number;
  /** In order. */
  rules: Rule[];
  /** The command that shows the policy, and its line. */
  show: string;
  /** That line. */
  line: string;
  /** Makes the command that lets through what comes from, or goes to, a network. */
  accept: (what: Pass) => string;
}

/** What a rule is to let through. */
export interface Pass {
  /** The sender's network. */
  from?: string;
  /** Where packets go to. */
  to?: string;
  /** Only what is for this port. */
  port?: { protocol: "tcp" | "udp"; number: number };
  /** Only what belongs to a known conversation. */
  replies?: boolean;
  /** Before all rules that are there. */
  first?: boolean;
}

/** Which address a rule rewrites: the sender (`snat`), the receiver, or none. */
export function natOf({ statements }: Rule): "snat" | "dnat" | undefined {
  for (const each of statements) {
    if (each.does !== "nat") continue;
    return each.kind === "snat" || each.kind === "masquerade" ? "snat" : "dnat";
  }
}

/** Whether all matches of a rule hold for a packet. */
export function matches({ statements }: Rule, packet: Packet): Truth {
  return every(
    statements.flatMap((each) =>
      each.does === "match" ? [each.test(packet)] : []
    ),
  );
}
