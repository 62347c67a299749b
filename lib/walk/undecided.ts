/** What of a packet's way cannot be foretold, and why. */

/** Each reason by its name; docs/walk.md has the same list. */
export const UNDECIDED = {
  "queue": "a queue of tc(8) that throws away what it likes",
  "xdp": "a program of the fast path that looks at every packet first",
  "master": "a port of something else than a bridge, such as a bond",
  "vlan": "a bridge that keeps its ports apart by VLAN",
  "arp-ignore":
    "an interface that answers ARP by other rules (arp_ignore 3 to 7)",
  "arp-rule": "a rule for ARP that nobody can tell of",
  "program": "a rule that hands the packet to a program (NFQUEUE)",
  "route-type": "a route to many at once: broadcast, multicast, anycast",
  "interface": "a route by an interface that was not read",
  "kernel": "an answer of `ip route get` in words that are not known",
} as const;

/** Why a way cannot be told. */
export type Undecided = keyof typeof UNDECIDED;
