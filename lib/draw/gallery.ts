/** The pictures that are kept with the documents. */

import type { Snapshot } from "../net/snapshot.ts";
import type { Stage } from "../course/stage.ts";
import { figure } from "./figure.ts";
import { toSvg } from "./svg.ts";
import { stageTitle } from "./title.ts";
import { t } from "../cli/translate.ts";

/** Where they are, from the checkout's folder. */
export const GALLERY = "docs/figures";

/** A picture. */
export interface Picture {
  /** The file's name in the gallery. */
  file: string;
  /** What is in it. */
  svg: string;
}

/**
 * One picture for each stage and one of the hardware that the finished lab
 * stands for.
 *
 * @param snapshots the kernel's state after each of the stages.
 */
export async function gallery(
  stages: readonly Stage[],
  snapshots: readonly Snapshot[],
): Promise<Picture[]> {
  const pictures = stages.map(async (stage, i) => ({
    file: `${stage.name}.svg`,
    svg: await toSvg(figure(snapshots[i], { added: stage.facts }), {
      title: stageTitle(stage, stages),
    }),
  }));
  const physical = await toSvg(figure(snapshots[snapshots.length - 1]), {
    title: t`The finished lab as hardware`,
    physical: true,
  });
  return [
    ...await Promise.all(pictures),
    { file: "physical.svg", svg: physical },
  ];
}
