/**
 * Chapter without-netns.
 *
 * Starts from an empty PC, in a sandbox of its own.
 *
 * The idea: build what the nine stages build, but leave out the first. Switch,
 * cables and addresses are the same; only that all ends lie on the PC's own
 * desk. The ping from 192.168.0.1 to 192.168.0.2 is answered. It looks like a
 * success, and it proves nothing: both addresses belong to the *same* computer
 * now, and no computer sends over a wire what is for itself. The packet turns
 * round inside the PC, by lo. The switch never sees it.
 *
 *     +---------------------- PC ----------------------+
 *     |  192.168.0.1 ========== lo ========= 192.168.0.2  the ping's way
 *     |  ns-veth1                           ns-veth2   |
 *     |     |                                  |       |
 *     |  br-veth1 ----------- br0 --------- br-veth2   |  switched off
 *     +------------------------------------------------+
 *
 * The proof is in the last command: the switch goes off, and the ping is still
 * answered. Forced out by `ping -I ns-veth1` it gets no answer even with the
 * switch on: the PC will not believe a packet that comes in from a wire and
 * carries its own address as the sender's.
 *
 * An address belongs to a computer, whatever card it is written on. To have
 * two computers takes two network stacks, each with its own cards, addresses,
 * routes and lo. That is what a network namespace is.
 *
 * @module
 */

import type { Chapter } from "../../lib/course/chapter.ts";

/** Everything in one network stack. */
export const withoutNetns: Chapter = {
  name: "without-netns",
  idea: "the same cables, but no rooms",
  commands: [
    // The switch, as in stage bridge.
    "ip link add name br0 type bridge",
    // Two cables, as in stage veth.
    "ip link add name ns-veth1 type veth peer name br-veth1",
    // Their names still say ns, but there is no namespace to move into.
    "ip link add name ns-veth2 type veth peer name br-veth2",
    // One end of each cable into the switch.
    "ip link set dev br-veth1 master br0",
    // The other ends stay on the PC's desk.
    "ip link set dev br-veth2 master br0",
    // Power for all four ends, and for the switch.
    "ip link set dev ns-veth1 up",
    "ip link set dev br-veth1 up",
    "ip link set dev ns-veth2 up",
    "ip link set dev br-veth2 up",
    "ip link set dev br0 up",
    // The "container's" address. The PC notes: 192.168.0.1 is me.
    "ip addr add 192.168.0.1/24 dev ns-veth1",
    // And 192.168.0.2 is me as well.
    "ip addr add 192.168.0.2/24 dev ns-veth2",
    // Now switch the switch off. Whoever needs it will notice.
    "ip link set dev br0 down",
  ],
  facts: [
    { link: "ns-veth1", address: "192.168.0.1/24" },
    { link: "ns-veth2", address: "192.168.0.2/24" },
    { link: "br-veth1", master: "br0" },
    { link: "br-veth2", master: "br0" },
  ],
  look: [
    // What the kernel will do with a packet from the one to the other.
    {
      command: "ip route get 192.168.0.2 from 192.168.0.1",
      shows: "local 192.168.0.2 from 192.168.0.1 dev lo",
    },
    // Nobody ever asked for the other's MAC address: no wire was used.
    { command: "ip neigh show to 192.168.0.0/24", shows: "" },
    // The switch is off.
    { command: "ip -brief link show dev br0", shows: "br0 DOWN" },
  ],
  // The ping is answered, with the switch off. In stage addr, where ns1 and
  // ns2 are two computers, it would not be.
  probes: [
    {
      from: "192.168.0.1",
      to: "192.168.0.2",
      command: "ping -c 1 -w 1 -I 192.168.0.1 192.168.0.2",
      verdict: "ok",
    },
  ],
  undo: [
    "ip link del dev ns-veth2",
    "ip link del dev ns-veth1",
    "ip link del dev br0",
  ],
};

if (import.meta.main) console.log("Type: deno task beyond:without-netns");
