/**
 * Stage 6 of 9: addr.
 *
 * Where we stand: a working network of wires, in which nobody has a name.
 *
 * The idea: an IP address with its prefix says two things. 192.168.0.1 is me;
 * /24 means that every address that begins with 192.168.0 is my *neighbour*,
 * on the same wire. From the second the kernel makes a route at once: to a
 * neighbour, send directly. It shouts "who has 192.168.0.2?" over the wire
 * (ARP), learns a MAC address from the answer, and the switch does the rest.
 * The router's card gets 192.168.0.100. The switch itself needs no address.
 *
 *     ns1                        PC                        ns2
 *     ns-veth1                   rt-veth                   ns-veth2
 *     192.168.0.1/24             192.168.0.100/24          192.168.0.2/24
 *         |                          |                         |
 *         +------------ br0 ---------+-------------------------+
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** The three addresses. */
export const addr: Stage = {
  name: "addr",
  idea: "everybody gets an address",
  commands: [
    // ns1's address, and with it the route to its neighbours.
    "ip netns exec ns1 ip addr add 192.168.0.1/24 dev ns-veth1",
    // ns2's.
    "ip netns exec ns2 ip addr add 192.168.0.2/24 dev ns-veth2",
    // The PC's own on this network. Docker gives this one to the bridge.
    "ip addr add 192.168.0.100/24 dev rt-veth",
  ],
  look: [
    // The route that came with the address: neighbours, directly.
    {
      command: "ip netns exec ns1 ip route",
      shows: "192.168.0.0/24 dev ns-veth1",
    },
    // The router's card. The switch has no address, and needs none.
    {
      command: "ip -brief address show dev rt-veth",
      shows: "192.168.0.100/24",
    },
  ],
  // Works now: ns1 reaches ns2, with TTL 64: no router on the way. Not yet:
  // 8.8.8.8 is no neighbour, and no route leads there: "ping: connect: Network
  // is unreachable". Three things are missing, and the next stages add them:
  // a PC that forwards, a way to it, and an address that can be answered.
  reach: { ns2: "ok", internet: "unreachable" },
  undo: [
    "ip addr del 192.168.0.100/24 dev rt-veth",
    "ip netns exec ns2 ip addr del 192.168.0.2/24 dev ns-veth2",
    "ip netns exec ns1 ip addr del 192.168.0.1/24 dev ns-veth1",
  ],
  hint: "`ip addr add ADDRESS/24 dev LINK`, where the link is.",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      link: "ns-veth1",
      in: "ns1",
      address: "192.168.0.1/24",
      by: "ip netns exec ns1 ip addr add 192.168.0.1/24 dev ns-veth1",
      back: "ip netns exec ns1 ip addr del 192.168.0.1/24 dev ns-veth1",
    },
    {
      link: "ns-veth2",
      in: "ns2",
      address: "192.168.0.2/24",
      by: "ip netns exec ns2 ip addr add 192.168.0.2/24 dev ns-veth2",
      back: "ip netns exec ns2 ip addr del 192.168.0.2/24 dev ns-veth2",
    },
    {
      link: "rt-veth",
      address: "192.168.0.100/24",
      by: "ip addr add 192.168.0.100/24 dev rt-veth",
      back: "ip addr del 192.168.0.100/24 dev rt-veth",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:addr");
