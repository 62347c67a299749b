/**
 * Stage 2 of 9: bridge.
 *
 * Where we stand: ns1 and ns2 are two computers without a network card.
 *
 * The idea: computers that want to talk are plugged into a *switch*, a box
 * with many sockets. It reads the hardware (MAC) address on every frame,
 * remembers behind which socket each address was seen, and passes the frame on
 * to that socket alone. The kernel has this box built in and calls it a
 * *bridge*. Docker makes one at its start and names it docker0; ours is br0.
 *
 *     +-------+       +----------------------------+       +-------+
 *     |  ns1  |       |            br0             |       |  ns2  |
 *     +-------+       +----------------------------+       +-------+
 *                          (nothing plugged in)
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";

/** The bridge, which is a switch. */
export const bridge: Stage = {
  name: "bridge",
  idea: "a switch on the PC's desk",
  commands: [
    // A bridge is a network interface of its own kind. It stands in the PC's
    // namespace, where neither ns1 nor ns2 can see it.
    "ip link add name br0 type bridge",
  ],
  look: [
    // The switch is there, and switched off: DOWN.
    { command: "ip -brief link show dev br0", shows: "br0 DOWN" },
    // `-d` shows what kind of interface it is, with all a switch can do.
    { command: "ip -d link show dev br0", shows: "bridge forward_delay" },
    // Its sockets: none is taken. The list is empty.
    { command: "ip link show master br0", shows: "" },
  ],
  // Nothing works yet: a switch without cables joins nobody. ns1 says what it
  // said before: "ping: connect: Network is unreachable".
  reach: { ns2: "unreachable", internet: "unreachable" },
  undo: ["ip link del dev br0"],
  hint: "To the kernel a switch is a link of the type `bridge`.",

  // --- For the machine: what each command makes true, and its way back -------

  facts: [
    {
      link: "br0",
      kind: "bridge",
      by: "ip link add name br0 type bridge",
      back: "ip link del dev br0",
    },
  ],
};

if (import.meta.main) console.log("Type: deno task stage:bridge");
