/**
 * Stage 7 of 9: forward.
 *
 * Where we stand: ns1, ns2 and the PC talk as neighbours. Nobody gets further.
 *
 * The idea: a *router* has a card in two networks and passes packets from one
 * to the other. The PC has both cards, rt-veth and eth0, but it is a PC: a
 * packet that is not for itself it throws away. One switch in the kernel turns
 * a computer into a router. It is the first of three things that 8.8.8.8
 * needs. Docker sets it for you at its start.
 *
 *                 +-------------- PC --------------+
 *     br0 --------o rt-veth  -- forward -->  eth0  o-------- the internet
 *                 +--------------------------------+
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** The switch that turns a PC into a router. */
export const forward: Stage = {
  name: "forward",
  idea: "the PC becomes a router",
  commands: [
    // From now on a packet for somebody else is passed on by the routing
    // table, and its TTL is lowered by one.
    "sysctl -w net.ipv4.ip_forward=1",
  ],
  look: [
    // The switch, read back.
    { command: "sysctl net.ipv4.ip_forward", shows: "net.ipv4.ip_forward = 1" },
    // ns1 knows its neighbours and nothing more: no word of a router.
    { command: "ip netns exec ns1 ip route", shows: "192.168.0.0/24" },
  ],
  // Works: ns1 to ns2, which needs no router. Not yet: 8.8.8.8. The router is
  // ready, but nobody has told ns1 that there is one, so nothing is even sent:
  // "ping: connect: Network is unreachable".
  reach: { ns2: "ok", internet: "unreachable" },
  undo: ["sysctl -w net.ipv4.ip_forward=0"],
  hint: "A kernel switch, read and set with `sysctl`: net.ipv4.ip_forward.",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      forwarding: true,
      by: "sysctl -w net.ipv4.ip_forward=1",
      back: "sysctl -w net.ipv4.ip_forward=0",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:forward");
