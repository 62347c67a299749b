/**
 * Stage 8 of 9: gateway.
 *
 * Where we stand: the PC would pass packets on, but nobody hands it any.
 *
 * The idea: a *default gateway* is the neighbour to whom a computer gives all
 * that is not for a neighbour. "default via 192.168.0.100" names the router's
 * IP address, yet no packet will ever carry that address: the packet stays
 * addressed to 8.8.8.8, and only the frame around it goes to the router's MAC.
 *
 *     ns1  192.168.0.1 --.
 *                         >-- 192.168.0.100 (rt-veth) --> eth0 --> 8.8.8.8
 *     ns2  192.168.0.2 --'                                            |
 *                                        ?  <-- to 192.168.0.1 -------'
 *
 * And now the request does leave. It crosses the router and arrives at 8.8.8.8
 * with the sender's address as ns1 wrote it: from 192.168.0.1. The answer is
 * for 192.168.0.1, and there it ends: that is a *private* address (RFC 1918).
 * Millions of homes use it, so no router of the internet has a route to it.
 * Whoever is asked for the way to ns1 can only shrug.
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** The default route of each namespace. */
export const gateway: Stage = {
  name: "gateway",
  idea: "the computers learn where the door is",
  commands: [
    // ns1: all that is not for a neighbour goes to the router.
    "ip netns exec ns1 ip route add default via 192.168.0.100",
    // ns2: the same.
    "ip netns exec ns2 ip route add default via 192.168.0.100",
  ],
  look: [
    // Two routes now: neighbours directly, all else by way of the router.
    {
      command: "ip netns exec ns1 ip route",
      shows: "default via 192.168.0.100 dev ns-veth1",
    },
    // What the kernel of ns1 will do with a packet for 8.8.8.8.
    {
      command: "ip netns exec ns1 ip route get 8.8.8.8",
      shows: "8.8.8.8 via 192.168.0.100",
    },
  ],
  // Works: ns1 to ns2. Not yet: 8.8.8.8, but the failure is another one. No
  // "unreachable" any more: requests are sent, and silence follows: "0
  // received, 100% packet loss".
  reach: { ns2: "ok", internet: "no-reply" },
  undo: [
    "ip netns exec ns2 ip route del default via 192.168.0.100",
    "ip netns exec ns1 ip route del default via 192.168.0.100",
  ],
  hint: "`ip route add default via ROUTER`, in each namespace.",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      route: "default",
      via: "192.168.0.100",
      in: "ns1",
      by: "ip netns exec ns1 ip route add default via 192.168.0.100",
      back: "ip netns exec ns1 ip route del default via 192.168.0.100",
    },
    {
      route: "default",
      via: "192.168.0.100",
      in: "ns2",
      by: "ip netns exec ns2 ip route add default via 192.168.0.100",
      back: "ip netns exec ns2 ip route del default via 192.168.0.100",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:gateway");
