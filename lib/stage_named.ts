/** A stage by its name. */

import { didYouMean } from "./nearest.ts";
import { EXIT, Problem } from "./problem.ts";
import type { Stage } from "./stage.ts";

/** The stage of this name; a {@linkcode Problem} names the nearest one. */
export function stageNamed(stages: readonly Stage[], name: string): Stage {
  const stage = stages.find((stage) => stage.name === name);
  if (stage) return stage;
  throw new Problem(
    `Unknown stage ${JSON.stringify(name)}.`,
    didYouMean(name, stages.map((stage) => stage.name)),
    EXIT.usage,
  );
}
