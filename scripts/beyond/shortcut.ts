/**
 * Chapter shortcut.
 *
 * Starts from stage nat, in a sandbox of its own.
 *
 * The idea: br0 is two things under one name. It is a switch, and it is also a
 * network card of the PC that is plugged into that switch from the inside, by
 * a cable that nobody sees. So the third cable was never needed. What
 *
 *     ip link add name rt-veth type veth peer name br-veth3
 *     ip link set dev br-veth3 master br0
 *     ip link set dev br-veth3 up
 *     ip link set dev rt-veth up
 *     ip addr add 192.168.0.100/24 dev rt-veth
 *
 * built on the way, one line does. This is Docker's way: docker0 has the
 * address of the gateway itself. The nine stages take the long way because
 * there everybody can see that a switch and a router are two things.
 *
 *         as the nine stages have it           the shortcut
 *
 *     ns1 --o  br0 (switch)              ns1 --o  br0 (switch)
 *     ns2 --o      |                     ns2 --o      |
 *              o br-veth3                          (inside)
 *              |                                      |
 *              o rt-veth 192.168.0.100             br0 192.168.0.100
 *                PC, a router                      PC, a router
 *
 * @module
 */

import type { Chapter } from "../../lib/course/chapter.ts";

/** The router's address on the bridge. */
export const shortcut: Chapter = {
  name: "shortcut",
  idea: "the switch takes the router's address",
  from: "nat",
  commands: [
    // The router's cable goes, both ends at once, and its address with it.
    "ip link del dev rt-veth",
    // The one line: the same address, now on the PC's card inside the switch.
    // The default routes of ns1 and ns2 name that address, and stay as they
    // are. So does the NAT rule, which names the network and eth0.
    "ip addr add 192.168.0.100/24 dev br0",
    // An address has moved to another card. ns1 may still remember the MAC
    // address of the old one, for up to a minute. Let it ask again.
    "ip netns exec ns1 ip neigh flush dev ns-veth1",
    // ns2 too.
    "ip netns exec ns2 ip neigh flush dev ns-veth2",
  ],
  facts: [
    { link: "br0", address: "192.168.0.100/24" },
    { route: "default", via: "192.168.0.100", in: "ns1" },
  ],
  look: [
    // Two ports where there were three.
    { command: "ip -brief link show master br0", shows: "br-veth2@" },
    // A switch with an address: there is the PC's own card.
    { command: "ip -brief address show dev br0", shows: "192.168.0.100/24" },
    // The way to ns1 now leads out of br0 itself.
    { command: "ip route get 192.168.0.1", shows: "192.168.0.1 dev br0" },
  ],
  // All as after stage nat: ns1 reaches ns2 without a router (TTL 64), its
  // gateway, and 8.8.8.8 by way of it (TTL 63).
  probes: [
    {
      from: "ns1",
      to: "ns2",
      command: "ip netns exec ns1 ping -c 1 -w 1 192.168.0.2",
      verdict: "ok",
    },
    {
      from: "ns1",
      to: "192.168.0.100",
      command: "ip netns exec ns1 ping -c 1 -w 1 192.168.0.100",
      verdict: "ok",
    },
    {
      from: "ns1",
      to: "8.8.8.8",
      command: "ip netns exec ns1 ping -c 1 -w 1 8.8.8.8",
      verdict: "ok",
    },
  ],
  undo: [
    "ip addr del 192.168.0.100/24 dev br0",
    "ip link add name rt-veth type veth peer name br-veth3",
    "ip link set dev br-veth3 master br0",
    "ip link set dev br-veth3 up",
    "ip link set dev rt-veth up",
    "ip addr add 192.168.0.100/24 dev rt-veth",
    "ip netns exec ns1 ip neigh flush dev ns-veth1",
    "ip netns exec ns2 ip neigh flush dev ns-veth2",
  ],
};

if (import.meta.main) console.log("Type: deno task beyond:shortcut");
