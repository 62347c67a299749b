/**
 * Stage 1 of 9: netns.
 *
 * Where we stand: at a PC that knows one network only, through its own network
 * card, the uplink (eth0). No container yet, and no Docker.
 *
 * The idea: a container is not a small computer. It is a process that the
 * kernel shows only a part of the world. For the network that part is called a
 * *network namespace*: its own interfaces, addresses, routes and firewall.
 * Whoever is inside sees nothing of the PC's network, as if somebody had
 * carried a computer into an empty room and locked the door.
 *
 *     +--------------+                            +--------------+
 *     | ns1          |                            | ns2          |
 *     |   lo         |                            |   lo         |
 *     +--------------+                            +--------------+
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** The two network namespaces that stand for two containers. */
export const netns: Stage = {
  name: "netns",
  idea: "two computers, each alone in a room",
  commands: [
    // The first room. `ip` gives the namespace a name by keeping it open as a
    // file, /run/netns/ns1: so it lives on without any process inside.
    "ip netns add ns1",
    // The second room. The two know nothing of each other.
    "ip netns add ns2",
    // A new namespace is born with one interface, lo, and that is down: ns1
    // cannot even talk to itself. `ip netns exec ns1` runs a command inside.
    "ip netns exec ns1 ip link set dev lo up",
    // The same in the other room.
    "ip netns exec ns2 ip link set dev lo up",
  ],
  look: [
    // Both names. A sandbox lists one more, `outside`: its stand-in for the
    // internet.
    { command: "ip netns list", shows: "ns1" },
    // One interface and nothing else: no network card, no cable.
    { command: "ip netns exec ns1 ip -brief link", shows: "lo UNKNOWN" },
  ],
  // Nothing works yet. ns1 has no route to anywhere, so its kernel does not
  // even try to send: "ping: connect: Network is unreachable".
  reach: { ns2: "unreachable", internet: "unreachable" },
  undo: [
    "ip netns exec ns2 ip link set dev lo down",
    "ip netns exec ns1 ip link set dev lo down",
    "ip netns del ns2",
    "ip netns del ns1",
  ],
  hint: "Rooms are made by `ip netns`. What does `ip netns help` offer?",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      netns: "ns1",
      by: "ip netns add ns1",
      back: "ip netns del ns1",
    },
    {
      netns: "ns2",
      by: "ip netns add ns2",
      back: "ip netns del ns2",
    },
    {
      link: "lo",
      in: "ns1",
      up: true,
      by: "ip netns exec ns1 ip link set dev lo up",
      back: "ip netns exec ns1 ip link set dev lo down",
    },
    {
      link: "lo",
      in: "ns2",
      up: true,
      by: "ip netns exec ns2 ip link set dev lo up",
      back: "ip netns exec ns2 ip link set dev lo down",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:netns");
