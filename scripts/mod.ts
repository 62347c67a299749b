/**
 * The nine stages, in order. Together they build Docker's default network.
 *
 * @module
 */

import type { Stage } from "../lib/course/stage.ts";
import { addr } from "./addr.ts";
import { attach } from "./attach.ts";
import { bridge } from "./bridge.ts";
import { forward } from "./forward.ts";
import { gateway } from "./gateway.ts";
import { nat } from "./nat.ts";
import { netns } from "./netns.ts";
import { up } from "./up.ts";
import { veth } from "./veth.ts";

/** All stages, first to last. */
export const stages: readonly Stage[] = [
  netns, //   two computers, each alone in a room
  bridge, //  a switch
  veth, //    three cables
  attach, //  the cables are plugged in
  up, //      power on
  addr, //    addresses: ns1 reaches ns2
  forward, // the PC becomes a router
  gateway, // the computers learn where the router is
  nat, //     the router signs with its own name: ns1 reaches 8.8.8.8
];
