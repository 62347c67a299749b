/**
 * Stage 9 of 9: nat.
 *
 * Where we stand: requests reach 8.8.8.8 with a sender whom nobody can answer.
 *
 * The idea: the router has one address that the world can answer, its own on
 * eth0. So it *rewrites the sender* of every packet that leaves: source NAT.
 * MASQUERADE is the form that takes whatever address eth0 has at the moment.
 *
 *     from 192.168.0.1 --> [ PC: from 192.168.0.1 ] --> from 203.0.113.2
 *       to 8.8.8.8         [      := 203.0.113.2  ]       to 8.8.8.8
 *
 *       to 192.168.0.1 <-- [ PC: remembers, and   ] <--   to 203.0.113.2
 *     from 8.8.8.8         [      writes it back  ]     from 8.8.8.8
 *
 * How does the answer find its way? It is addressed to the router. But the
 * kernel keeps a table of conversations, *conntrack*: who asked whom, and what
 * was rewritten. The answer belongs to an entry there, so its destination is
 * written back to 192.168.0.1, before routing, without any rule of ours. Only
 * the first packet of a conversation is held against the rules.
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** Source NAT on the way out. */
export const nat: Stage = {
  name: "nat",
  idea: "the router signs with its own name",
  commands: [
    // Matches what comes from our network (-s) and is about to leave by the
    // uplink (-o): that is after routing, hence POSTROUTING. Traffic between
    // ns1 and ns2 stays as it is. Docker's rule reads nearly the same.
    "iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
  ],
  look: [
    // The rule, with a counter of the conversations that it rewrote.
    { command: "iptables -t nat -vnL POSTROUTING", shows: "MASQUERADE" },
    // TTL 63: one router on the way there and back.
    { command: "ip netns exec ns1 ping -c 1 8.8.8.8", shows: "ttl=63" },
  ],
  // All works: ns1 reaches ns2 and 8.8.8.8. This is what Docker does for every
  // container, by the same parts of the same kernel.
  reach: { ns2: "ok", internet: "ok" },
  undo: [
    "iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
  ],
  hint: "A rule in the table `nat`, chain POSTROUTING, target MASQUERADE.",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      table: "nat",
      rule: "-A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
      by:
        "iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
      back:
        "iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:nat");
