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
  netns,
  bridge,
  veth,
  attach,
  up,
  addr,
  forward,
  gateway,
  nat,
];
