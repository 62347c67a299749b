/**
 * Stage 5 of 9: up.
 *
 * Where we stand: every cable is in its place, every device is switched off.
 *
 * The idea: a new interface is *down*, as a device is off when it is taken out
 * of its box; `up` is its power switch. The light at a socket goes green
 * (*carrier*) only when both ends are on. The switch has its own power switch.
 *
 *     +----------+         +----------------------+         +----------+
 *     | ns1  (on)|         |      br0  (on)       |         | ns2  (on)|
 *     |        * o=========o *                  * o=========o *        |
 *     +----------+         |          *           |         +----------+
 *                          +----------o-----------+
 *                                     * rt-veth (on)
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** Every interface up. */
export const up: Stage = {
  name: "up",
  idea: "power on",
  commands: [
    // The switch. While it is down it passes nothing on.
    "ip link set dev br0 up",
    // Its three sockets: for ns1,
    "ip link set dev br-veth1 up",
    // for ns2,
    "ip link set dev br-veth2 up",
    // and for the router.
    "ip link set dev br-veth3 up",
    // The router's network card.
    "ip link set dev rt-veth up",
    // The card in ns1. Only from inside can it be switched on.
    "ip netns exec ns1 ip link set dev ns-veth1 up",
    // The one in ns2.
    "ip netns exec ns2 ip link set dev ns-veth2 up",
  ],
  look: [
    // Every port of the bridge passes frames on: state forwarding.
    { command: "bridge link show dev br-veth1", shows: "state forwarding" },
    // The card in ns1 is on, and so is the far end: LOWER_UP.
    { command: "ip netns exec ns1 ip link show up", shows: "UP,LOWER_UP" },
  ],
  // Nothing works yet. The wires could carry frames, but to whom? No card has
  // an address, so ns1 has no route: "ping: connect: Network is unreachable".
  reach: { ns2: "unreachable", internet: "unreachable" },
  undo: [
    "ip netns exec ns2 ip link set dev ns-veth2 down",
    "ip netns exec ns1 ip link set dev ns-veth1 down",
    "ip link set dev rt-veth down",
    "ip link set dev br-veth3 down",
    "ip link set dev br-veth2 down",
    "ip link set dev br-veth1 down",
    "ip link set dev br0 down",
  ],
  hint: "Both ends of each cable, and the switch: `ip link set dev … up`.",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      link: "br0",
      up: true,
      by: "ip link set dev br0 up",
      back: "ip link set dev br0 down",
    },
    {
      link: "br-veth1",
      up: true,
      by: "ip link set dev br-veth1 up",
      back: "ip link set dev br-veth1 down",
    },
    {
      link: "br-veth2",
      up: true,
      by: "ip link set dev br-veth2 up",
      back: "ip link set dev br-veth2 down",
    },
    {
      link: "br-veth3",
      up: true,
      by: "ip link set dev br-veth3 up",
      back: "ip link set dev br-veth3 down",
    },
    {
      link: "rt-veth",
      up: true,
      by: "ip link set dev rt-veth up",
      back: "ip link set dev rt-veth down",
    },
    {
      link: "ns-veth1",
      in: "ns1",
      up: true,
      by: "ip netns exec ns1 ip link set dev ns-veth1 up",
      back: "ip netns exec ns1 ip link set dev ns-veth1 down",
    },
    {
      link: "ns-veth2",
      in: "ns2",
      up: true,
      by: "ip netns exec ns2 ip link set dev ns-veth2 up",
      back: "ip netns exec ns2 ip link set dev ns-veth2 down",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:up");
