/**
 * Stage 3 of 9: veth.
 *
 * Where we stand: two computers and a switch, and nothing between them.
 *
 * The idea: a *veth* is a virtual Ethernet cable with a network card moulded
 * to each end. It always comes as a pair: what goes in at one end comes out at
 * the other, at once. Two cables are for ns1 and ns2. The third is for the PC
 * itself: one day it will be the *router* of this network, and a router needs
 * a network card on each network that it joins.
 *
 *     ns-veth1 o-----------------o br-veth1
 *     ns-veth2 o-----------------o br-veth2
 *     rt-veth  o-----------------o br-veth3
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** The three veth pairs: the cables. */
export const veth: Stage = {
  name: "veth",
  idea: "three cables, not plugged in yet",
  commands: [
    // The cable for ns1. The names say where each end will go: ns-… into the
    // namespace, br-… into the bridge.
    "ip link add name ns-veth1 type veth peer name br-veth1",
    // The cable for ns2.
    "ip link add name ns-veth2 type veth peer name br-veth2",
    // The cable for the router, which is the PC: rt-veth stays where it is.
    "ip link add name rt-veth type veth peer name br-veth3",
  ],
  look: [
    // All six ends lie on the PC's desk. `a@b` reads: a, whose other end is b.
    { command: "ip -brief link show type veth", shows: "ns-veth1@br-veth1" },
    // ns1 still has lo and nothing else.
    { command: "ip netns exec ns1 ip -brief link", shows: "lo UNKNOWN" },
  ],
  // Nothing works yet: the cables lie on the desk. ns1 still says "ping:
  // connect: Network is unreachable".
  reach: { ns2: "unreachable", internet: "unreachable" },
  // Cutting one end takes the other with it: a pair lives and dies together.
  undo: [
    "ip link del dev rt-veth",
    "ip link del dev ns-veth2",
    "ip link del dev ns-veth1",
  ],
  hint: "A cable is a link of the type `veth`; its other end is the `peer`.",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      link: "ns-veth1",
      peer: "br-veth1",
      by: "ip link add name ns-veth1 type veth peer name br-veth1",
      back: "ip link del dev ns-veth1",
    },
    {
      link: "ns-veth2",
      peer: "br-veth2",
      by: "ip link add name ns-veth2 type veth peer name br-veth2",
      back: "ip link del dev ns-veth2",
    },
    {
      link: "rt-veth",
      peer: "br-veth3",
      by: "ip link add name rt-veth type veth peer name br-veth3",
      back: "ip link del dev rt-veth",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:veth");
