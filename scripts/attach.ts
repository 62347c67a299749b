/**
 * Stage 4 of 9: attach.
 *
 * Where we stand: two computers, a switch and three cables on one desk.
 *
 * The idea: plugging in has two sides, and two commands. The computer's side:
 * the end is carried into the room, that is, *moved into the namespace*. From
 * then on only ns1 sees it. The switch's side: the end becomes a *port* of the
 * bridge, which is then called its *master*. The router's cable has one end in
 * the switch; the other stays in the PC's own namespace.
 *
 *     +----------+         +----------------------+         +----------+
 *     | ns1      |         |         br0          |         | ns2      |
 *     | ns-veth1 o---------o br-veth1    br-veth2 o---------o ns-veth2 |
 *     +----------+         |       br-veth3       |         +----------+
 *                          +----------o-----------+
 *                                     |
 *                                  rt-veth (the PC's own)
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** Every cable end in its place. */
export const attach: Stage = {
  name: "attach",
  idea: "the cables are plugged in",
  commands: [
    // One end into ns1: it vanishes from the PC's list of interfaces.
    "ip link set dev ns-veth1 netns ns1",
    // One end into ns2.
    "ip link set dev ns-veth2 netns ns2",
    // The other end of ns1's cable into the switch.
    "ip link set dev br-veth1 master br0",
    // The other end of ns2's cable.
    "ip link set dev br-veth2 master br0",
    // And the router's.
    "ip link set dev br-veth3 master br0",
  ],
  look: [
    // The three ports of the switch.
    { command: "ip -brief link show master br0", shows: "br-veth3@rt-veth" },
    // ns1 has got a network card.
    { command: "ip netns exec ns1 ip -brief link", shows: "ns-veth1@" },
  ],
  // Nothing works yet: plugged in, but everything is switched off. ns1 still
  // says "ping: connect: Network is unreachable".
  reach: { ns2: "unreachable", internet: "unreachable" },
  // `netns 1` reads: into the namespace of process 1, which is the PC's.
  undo: [
    "ip link set dev br-veth3 nomaster",
    "ip link set dev br-veth2 nomaster",
    "ip link set dev br-veth1 nomaster",
    "ip netns exec ns2 ip link set dev ns-veth2 netns 1",
    "ip netns exec ns1 ip link set dev ns-veth1 netns 1",
  ],
  hint: "`ip link set` moves (`netns`) and plugs in (`master`).",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      link: "ns-veth1",
      in: "ns1",
      by: "ip link set dev ns-veth1 netns ns1",
      back: "ip netns exec ns1 ip link set dev ns-veth1 netns 1",
    },
    {
      link: "ns-veth2",
      in: "ns2",
      by: "ip link set dev ns-veth2 netns ns2",
      back: "ip netns exec ns2 ip link set dev ns-veth2 netns 1",
    },
    {
      link: "br-veth1",
      master: "br0",
      by: "ip link set dev br-veth1 master br0",
      back: "ip link set dev br-veth1 nomaster",
    },
    {
      link: "br-veth2",
      master: "br0",
      by: "ip link set dev br-veth2 master br0",
      back: "ip link set dev br-veth2 nomaster",
    },
    {
      link: "br-veth3",
      master: "br0",
      by: "ip link set dev br-veth3 master br0",
      back: "ip link set dev br-veth3 nomaster",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:attach");
