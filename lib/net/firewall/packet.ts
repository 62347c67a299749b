/** A packet as a firewall sees it, at one point of its way. */

/** A protocol that has ports, or messages of its own kind. */
export type Protocol = "icmp" | "tcp" | "udp";

/** What a firewall may ask a packet about. */
export interface Packet {
  /** An IPv4 packet, or an ARP question. */
  family: "ip" | "arp";
  /** What is in it; of ARP nothing. */
  protocol?: Protocol;
  /** The sender. */
  src: string;
  /** The receiver. */
  dst: string;
  /** The sender's port, of TCP and UDP. Undefined: not known. */
  sport?: number;
  /** The receiver's port, of TCP and UDP. */
  dport?: number;
  /** Of ICMP: its type, such as 8 for an echo request, and its code. */
  icmp?: { type: number; code: number };
  /** Of TCP: those that are set, such as `syn`. */
  flags?: readonly string[];
  /** The whole packet's length in bytes, IP header included, if known. */
  length?: number;
  /** How many routers it may still pass. */
  ttl: number;
  /** What a rule wrote on it (fwmark); undefined: not known. */
  mark?: number;
  /** Came in by … */
  iif?: string;
  /** … and is about to leave by. */
  oif?: string;
  /** The bridge ports, while it crosses a bridge. */
  portIn?: string;
  /** The port that it leaves by. */
  portOut?: string;
  /** MAC addresses, where they are known. */
  srcMac?: string;
  /** The receiver's. */
  dstMac?: string;
  /** What connection tracking knows of it. */
  ct: Connection;
  /** Addresses of the machine itself: for `--dst-type LOCAL`. */
  own: readonly string[];
  /** The user that sends it, where it is made here. */
  uid?: number;
}

/** A connection, as far as a rule may ask about it. */
export interface Connection {
  /** What the packet is to it; undefined: not known. */
  state?: "new" | "established" | "related" | "untracked" | "invalid";
  /** Whether the packet goes as the first one did, or back. */
  direction: "original" | "reply";
  /** Which of its addresses NAT rewrites. */
  nat: readonly ("snat" | "dnat")[];
  /** The mark of the connection, if known: a new one's is 0. */
  mark?: number;
  /** Addresses and ports of its first packet, before NAT. */
  original?: Endpoints;
  /** The addresses and ports that answers have. */
  reply?: Endpoints;
}

/** Who speaks to whom. */
export interface Endpoints {
  /** The sender. */
  src: string;
  /** The receiver. */
  dst: string;
  /** The sender's port. */
  sport?: number;
  /** The receiver's port. */
  dport?: number;
}

/** Numbers of IP protocols that rules name: see protocols(5). */
export const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  "ipv6-esp": 50,
  ah: 51,
  "ipv6-auth": 51,
  "ipv6-icmp": 58,
  icmpv6: 58,
  ospf: 89,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
};

/** The names that both iptables and nft have for messages of ICMP (type, code). */
export const ICMP_TYPES: Readonly<Record<string, readonly [number, number?]>> =
  {
    "echo-reply": [0],
    "pong": [0],
    "destination-unreachable": [3],
    "network-unreachable": [3, 0],
    "host-unreachable": [3, 1],
    "protocol-unreachable": [3, 2],
    "port-unreachable": [3, 3],
    "fragmentation-needed": [3, 4],
    "source-route-failed": [3, 5],
    "network-unknown": [3, 6],
    "host-unknown": [3, 7],
    "network-prohibited": [3, 9],
    "host-prohibited": [3, 10],
    "TOS-network-unreachable": [3, 11],
    "TOS-host-unreachable": [3, 12],
    "communication-prohibited": [3, 13],
    "host-precedence-violation": [3, 14],
    "precedence-cutoff": [3, 15],
    "source-quench": [4],
    "redirect": [5],
    "network-redirect": [5, 0],
    "host-redirect": [5, 1],
    "echo-request": [8],
    "ping": [8],
    "router-advertisement": [9],
    "router-solicitation": [10],
    "time-exceeded": [11],
    "ttl-exceeded": [11],
    "ttl-zero-during-transit": [11, 0],
    "ttl-zero-during-reassembly": [11, 1],
    "parameter-problem": [12],
    "ip-header-bad": [12, 0],
    "required-option-missing": [12, 1],
    "timestamp-request": [13],
    "timestamp-reply": [14],
    "info-request": [15],
    "info-reply": [16],
    "address-mask-request": [17],
    "address-mask-reply": [18],
  };
