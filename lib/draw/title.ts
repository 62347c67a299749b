/** What a picture is called. */

import type { Stage } from "../course/stage.ts";
import { t } from "../cli/translate.ts";

/** `Stage 2 of 9, bridge: a switch on the PC's desk`. */
export function stageTitle(stage: Stage, all: readonly Stage[]): string {
  const number = all.indexOf(stage) + 1;
  return t`Stage ${number} of ${all.length}, ${stage.name}: ${stage.idea}`;
}
