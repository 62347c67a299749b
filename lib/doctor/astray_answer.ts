/** An answer whose way home is another one than the question's way was. */

import { holder } from "../net/namespace.ts";
import { type End, segmentOf } from "../net/segment.ts";
import {
  type Crossing,
  crossingsOf,
  type Loss,
  sourceOf,
} from "./crossings.ts";
import type { Path } from "./path.ts";
import { wayBack } from "./way_back.ts";

/** Where the question came into the router that its sender chose. */
function entrance({ request }: Loss): Crossing | undefined {
  return crossingsOf(request).find(({ to }) =>
    to?.namespace.enter.length === 0
  );
}

/** Whether the segment that the question came by has the router's address. */
export function isRightHome(path: Path, loss: Loss): boolean {
  const { to, next } = entrance(loss) ?? {};
  return to !== undefined &&
    segmentOf(path.network, to).ends.some((end) =>
      end.namespace === to.namespace &&
      end.link.addresses.some(({ local }) => local === next)
    );
}

/**
 * The answer's way home leads elsewhere than the question came from.
 *
 * @returns whether that was put down.
 */
export async function answerGoesAstray(
  path: Path,
  loss: Loss,
): Promise<boolean> {
  const found = path.notes.count;
  const { to, next } = entrance(loss) ?? {};
  const src = sourceOf(loss.request);
  if (!to || !next || !src) return false;
  const asked = path.question.to;
  const isOwn = holder(to.namespace, asked) !== undefined;
  await wayBack(path, to, next, src, isOwn ? { from: asked } : undefined);
  return path.notes.count > found;
}

/** The same, told from a question that is not let in for it. */
export async function backIsElsewhere(
  path: Path,
  { leg }: Loss,
  arrival: End,
): Promise<boolean> {
  const found = path.notes.count;
  const step = leg.steps.find(({ kind }) => kind === "sent");
  if (step?.kind === "sent") {
    await wayBack(path, arrival, step.next, step.src);
  }
  return path.notes.count > found;
}
