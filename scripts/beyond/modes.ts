/**
 * Chapter modes.
 *
 * Starts from stage nat, in a sandbox of its own.
 *
 * The idea: Docker's three network modes are three answers to one question:
 * into which room does the container's process go?
 *
 *     none     a room of its own, and no cable into it
 *     host     no room of its own: the PC's
 *     bridge   a room of its own, with a cable to the switch: the nine stages
 *
 *     +--------+      +------- PC ---------+      +--------+
 *     | none   |      |  host: here        |      | ns1    |
 *     |   lo   |      |  lo, eth0, br0     o------o bridge |
 *     +--------+      +--------------------+      +--------+
 *
 * `none` takes two lines, `host` takes none, and `bridge` is the lab itself.
 * Chapter docker asks the same of Docker's own.
 *
 * @module
 */

import type { Chapter } from "../../lib/course/chapter.ts";

/** A room without a cable, no room, and a room with a cable. */
export const modes: Chapter = {
  name: "modes",
  idea: "--network none, host and bridge",
  from: "nat",
  commands: [
    // none: a namespace, and no more.
    "ip netns add none",
    // Its lo is up, so that its programs can at least talk to each other.
    "ip netns exec none ip link set dev lo up",
  ],
  facts: [
    { netns: "none" },
    { link: "lo", in: "none", up: true },
  ],
  look: [
    // none: lo, and nothing else.
    { command: "ip netns exec none ip -brief link", shows: "lo UNKNOWN" },
    // Not a single route.
    { command: "ip netns exec none ip route", shows: "" },
    // host: whatever the PC has.
    { command: "ip -brief address", shows: "eth0" },
    // bridge: lo and one end of a cable.
    { command: "ip netns exec ns1 ip -brief link", shows: "ns-veth1@" },
  ],
  // none reaches itself alone. host and bridge reach the same here, but not as
  // the same: host is the PC and speaks with its address, bridge is a neighbour
  // behind a router. And each has a lo of its own, except host: a server on
  // its 127.0.0.1 is the PC's server.
  probes: [
    {
      from: "none",
      to: "itself",
      command: "ip netns exec none ping -c 1 -w 1 127.0.0.1",
      verdict: "ok",
    },
    {
      from: "none",
      to: "ns2",
      command: "ip netns exec none ping -c 1 -w 1 192.168.0.2",
      verdict: "unreachable",
    },
    {
      from: "none",
      to: "the PC",
      command: "ip netns exec none ping -c 1 -w 1 203.0.113.2",
      verdict: "unreachable",
    },
    {
      from: "none",
      to: "8.8.8.8",
      command: "ip netns exec none ping -c 1 -w 1 8.8.8.8",
      verdict: "unreachable",
    },
    {
      from: "host",
      to: "itself",
      command: "ping -c 1 -w 1 127.0.0.1",
      verdict: "ok",
    },
    {
      from: "host",
      to: "ns2",
      command: "ping -c 1 -w 1 192.168.0.2",
      verdict: "ok",
    },
    {
      from: "host",
      to: "the PC",
      command: "ping -c 1 -w 1 203.0.113.2",
      verdict: "ok",
    },
    {
      from: "host",
      to: "8.8.8.8",
      command: "ping -c 1 -w 1 8.8.8.8",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "itself",
      command: "ip netns exec ns1 ping -c 1 -w 1 127.0.0.1",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "ns2",
      command: "ip netns exec ns1 ping -c 1 -w 1 192.168.0.2",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "the PC",
      command: "ip netns exec ns1 ping -c 1 -w 1 203.0.113.2",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "8.8.8.8",
      command: "ip netns exec ns1 ping -c 1 -w 1 8.8.8.8",
      verdict: "ok",
    },
  ],
  undo: ["ip netns del none"],
};

if (import.meta.main) console.log("Type: deno task beyond:modes");
