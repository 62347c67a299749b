/**
 * The chapters after the nine stages.
 *
 * @module
 */

import type { Chapter } from "../../lib/course/chapter.ts";
import { docker } from "./docker.ts";
import { modes } from "./modes.ts";
import { publish } from "./publish.ts";
import { shortcut } from "./shortcut.ts";
import { withoutNetns } from "./without-netns.ts";

/** All chapters, in reading order. */
export const chapters: readonly Chapter[] = [
  shortcut, //     the switch takes the router's address, as Docker has it
  withoutNetns, // the same cables, but no rooms: why namespaces
  modes, //        docker run --network none, host and bridge
  publish, //      docker run -p 8080:80
  docker, //       a real engine beside the lab
];
