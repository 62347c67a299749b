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
  shortcut,
  withoutNetns,
  modes,
  publish,
  docker,
];
