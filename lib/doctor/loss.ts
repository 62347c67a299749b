/** Why a packet got lost where the walk says that it does. */

import { holder, type Namespace } from "../net/namespace.ts";
import type { Outcome } from "../walk/flow.ts";
import { type Crossing, crossingsOf, dnatsOf, type Loss } from "./crossings.ts";
import type { Path } from "./path.ts";
import { blocked, tableUnused } from "./route_faults.ts";
import { gatewayIsSelf } from "./gateway_faults.ts";
import { lostInNamespace } from "./lost_in_namespace.ts";
import { diverted, droppedByRule } from "./rule_faults.ts";
import { segmentFaults } from "./segment_faults.ts";
import { sentWrongly, whyNotSent } from "./sender_faults.ts";
import { answerGoesAstray, isRightHome } from "./astray_answer.ts";

/** Puts down why. */
export async function explainLoss(path: Path, loss: Loss): Promise<void> {
  const { leg, request } = loss;
  const { outcome } = leg;
  const found = path.notes.count;
  for (const { namespace, nat } of dnatsOf(leg)) {
    // Of its own addresses a machine may let others answer: a published port.
    if (holder(namespace, path.question.to)) continue;
    diverted(path, namespace, nat);
  }
  if (outcome.end === "dropped" && outcome.by) {
    await droppedByRule(path, outcome.namespace, outcome.by);
    return;
  }
  if (path.notes.count > found) return;
  const crossings = crossingsOf(leg);
  const last = crossings.at(-1);
  if (loss.from && crossings.length === 0) {
    await unsent(path, loss, loss.from, outcome);
  } else if (last && !last.to) {
    await lostOnSegment(path, loss, crossings, last);
  } else if (outcome.end === "dropped") {
    await lostInNamespace(path, loss, crossings, outcome);
  }
  if (leg !== request && path.notes.count === found) {
    await answerGoesAstray(path, loss);
  }
}

/** Whether the packet goes to somebody who is meant to be on the same segment. */
function isNear({ question }: Path, { leg, request }: Loss): boolean {
  return leg !== request || question.about !== "internet";
}

async function unsent(
  path: Path,
  loss: Loss,
  from: Namespace,
  outcome: Outcome,
): Promise<void> {
  if (from.enter.length > 0) {
    await whyNotSent(path, from, loss.to, isNear(path, loss));
  } else if (outcome.end === "dropped" && loss.leg === loss.request) {
    if (!tableUnused(path, from)) blocked(path, from, loss.to);
  }
}

async function lostOnSegment(
  path: Path,
  loss: Loss,
  crossings: readonly Crossing[],
  last: Crossing,
): Promise<void> {
  const { namespace } = last.from;
  if (gatewayIsSelf(path, last, loss.to)) return;
  if (
    last === crossings[0] && namespace === loss.from &&
    namespace.enter.length > 0
  ) {
    if (await sentWrongly(path, last, loss.to, isNear(path, loss))) return;
  }
  // Where the answer takes another way than the question came, that is why.
  if (loss.leg !== loss.request && isRightHome(path, loss)) {
    if (await answerGoesAstray(path, loss)) return;
  }
  await segmentFaults(path, last);
}
