/** What a walk is about, and what it finds: no sentences, no fixes. */

import type { Chain, Rule } from "../net/firewall/ruleset.ts";
import type { Translation } from "../net/firewall/pass_hook.ts";
import type { Packet, Protocol } from "../net/firewall/packet.ts";
import type { Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import type { Undecided } from "./undecided.ts";

/** A packet that is to be sent. */
export interface Flow {
  /** What is in it: ICMP is an echo request, TCP asks for a connection. */
  protocol: Protocol;
  /** Whom it is for. */
  dst: string;
  /** The port that it is for, of TCP and UDP. */
  dport?: number;
  /** The sender, where the program names it; else the kernel chooses. */
  src?: string;
  /** Its length in bytes, IP header included; by default as ping sends it. */
  length?: number;
  /** Routers may not split it. */
  dontFragment?: boolean;
}

/** What happened to the packet at one place. */
export type Step =
  /** A namespace sends it, by this interface and to this neighbour. */
  | { kind: "sent"; at: End; src: string; next: string }
  /** A firewall's hook let it pass, and may have rewritten it. */
  | {
    kind: "hook";
    namespace: Namespace;
    hook: string;
    iif?: string;
    oif?: string;
    nat?: Translation;
    /** The rule that took it out of connection tracking. */
    untracked?: Rule;
    /** The rule that set its time to live. */
    aged?: Rule;
  }
  /** A bridge hands it from a port, or from itself, to another. */
  | {
    kind: "switched";
    namespace: Namespace;
    bridge: string;
    from: string;
    to: string;
  }
  /** It comes in here, for the namespace to look at. */
  | { kind: "arrived"; at: End }
  /** A router passes it on. */
  | { kind: "forwarded"; from: End; at: End; next: string }
  /** It is where it was to go. */
  | { kind: "delivered"; at: End };

/** Why a packet goes no further. */
export type DropReason =
  /** The kernel has no route, and says so to whoever sends. */
  | "no-route"
  /** A route or a rule forbids it: blackhole, prohibit, unreachable. */
  | "route-forbids"
  /** An interface is down, or has no cable. */
  | "link-down"
  /** The cable, or what is behind it, is not there. */
  | "unplugged"
  /** The interface does not ask by ARP. */
  | "arp-off"
  /** Nobody answers by ARP. */
  | "neighbour-silent"
  /** The frame is for another MAC address than those that it came to. */
  | "wrong-mac"
  /** A port of the bridge does not forward. */
  | "port-blocked"
  /** Both ports are isolated. */
  | "port-isolated"
  /** A rule or a policy dropped it. */
  | "rule"
  /** The router passes nothing on. */
  | "forwarding-off"
  /** The way back would be another one. */
  | "reverse-path"
  /** The sender's address cannot be one. */
  | "martian"
  /** It passed too many routers. */
  | "ttl-exceeded"
  /** It is too large, and may not be split. */
  | "too-big"
  /** Nobody answers pings here. */
  | "echo-ignored"
  /** An answer that comes from another address than was asked. */
  | "wrong-source";

/** How a packet's way ends. */
export type Outcome =
  | { end: "delivered"; at: End }
  | {
    end: "dropped";
    reason: DropReason;
    /** Where: the namespace, and the interface if it is one's. */
    namespace: Namespace;
    link?: string;
    /** The address that nobody answers for, or that the route is for. */
    address?: string;
    /** The rule or policy that dropped it, at which hook, and what it looked at. */
    by?: {
      hook: string;
      base: Chain;
      chain: Chain;
      rule?: Rule;
      packet: Packet;
    };
    /** What the sender is told: `icmp-port-unreachable`, `tcp-reset`. */
    told?: string;
    /** The kernel's own words. */
    words?: string;
  }
  /** It leaves by an interface behind which we see nothing. */
  | { end: "left"; at: End; next: string }
  /** It cannot be told. */
  | { end: "unknown"; namespace: Namespace; because: Undecided };

/** One way that a packet may take, from its sender to its end. */
export interface Leg {
  /** In order. */
  steps: readonly Step[];
  /** How it ends. */
  outcome: Outcome;
  /** Rules of which nobody can tell whether they match: taken to match here. */
  ifMatching: readonly Rule[];
  /** And those taken not to. */
  ifNot: readonly Rule[];
}

/** A question and its answer. */
export interface RoundTrip {
  /** There. */
  request: Leg;
  /** And back; absent where the request was not delivered. */
  reply?: Leg;
  /**
   * What a router says back that cannot pass the request on, where it has to say
   * so: "fragmentation needed", see RFC 1191.
   */
  complaint?: Leg;
  /**
   * What answers: an echo or a service; a refusal by RST or ICMP. `assumed`:
   * the question left our view, and the reply is what would become of an answer
   * to whoever the packet named as its sender.
   */
  answered?: "yes" | "refused" | "assumed";
}
