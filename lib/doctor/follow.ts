/** A question's walk, and what is wrong where it ends. */

import { linkOf, type Namespace } from "../net/namespace.ts";
import type { Flow, Leg, RoundTrip } from "../walk/flow.ts";
import { walk } from "../walk/walk.ts";
import { crossingsOf, sourceOf } from "./crossings.ts";
import { explainDeparture } from "./departure.ts";
import { explainLoss } from "./loss.ts";
import { prefixWrong } from "./link_faults.ts";
import { duplicateHere } from "./duplicate_address.ts";
import { flowOf } from "./means.ts";
import { oldDatagrams } from "./old_datagrams.ts";
import type { Path } from "./path.ts";
import { complaintLost } from "./size_faults.ts";
import { turnedBack } from "./published_ports.ts";
import { refusal } from "./service_faults.ts";
import { segmentFaults } from "./segment_faults.ts";
import { noteWhatWasSeen } from "./looked_at.ts";

/** Walks a question's ping and its answer, and says what keeps it from coming. */
export async function followQuestion(
  path: Path,
  from: Namespace,
): Promise<void> {
  const { to, means } = path.question;
  let flow: Flow | undefined = flowOf(to, means);
  while (flow) {
    const trips = await walk(path.network, from, flow);
    await followTrips(path, from, trips);
    flow = smaller(flow, trips);
  }
}

/** The packet as it is sent once a router said that it is too large. */
function smaller(flow: Flow, trips: readonly RoundTrip[]): Flow | undefined {
  const told = trips.find(({ complaint }) =>
    complaint?.outcome.end === "delivered"
  )?.request.outcome;
  if (told?.end !== "dropped") return undefined;
  const length = linkOf(told.namespace, told.link)?.mtu;
  return length && length < (flow.length ?? 0)
    ? { ...flow, length }
    : undefined;
}

/** The same for trips that were walked already, all of one question. */
export async function followTrips(
  path: Path,
  from: Namespace,
  trips: readonly RoundTrip[],
): Promise<void> {
  // A rule that nobody can tell of is a doubt, where all else gets through.
  const certain = trips.filter(({ request, reply }) =>
    request.ifMatching.length + (reply?.ifMatching.length ?? 0) === 0
  );
  const plain = certain.length > 0 ? certain : trips;
  const getsThrough = plain.some((trip) => !isLost(trip));
  for (const trip of trips) {
    if (isLost(trip) && getsThrough && !plain.includes(trip)) {
      doubt(path, trip);
      continue;
    }
    const isSure = !trips.some((other) => isLost(other) !== isLost(trip)) ||
      path.live && plain.includes(trip);
    await followTrip(path, from, trip, isSure);
  }
}

/** Whether a trip ends before its answer is back. */
function isLost({ request, reply, complaint }: RoundTrip): boolean {
  return (reply ?? complaint ?? request).outcome.end !== "delivered";
}

function doubt({ notes, question }: Path, { request, reply }: RoundTrip): void {
  for (const { ifMatching, outcome } of reply ? [request, reply] : [request]) {
    const namespace = "namespace" in outcome
      ? outcome.namespace
      : outcome.at.namespace;
    for (const rule of ifMatching) {
      notes.doubts.push({ rule, namespace, question });
    }
  }
}

async function followTrip(
  path: Path,
  from: Namespace,
  trip: RoundTrip,
  isSure: boolean,
): Promise<void> {
  const { request, reply, complaint } = trip;
  await noteWhatWasSeen(path, request);
  const fine = path.where({ isLost: false, isSure });
  const lost = path.where({ isLost: true, isSure });
  const { outcome } = request;
  await checkSegments(fine, request);
  if (outcome.end === "delivered" && outcome.at.namespace === from) {
    if (path.question.name) {
      duplicateHere(fine, from, path.question.to, path.question.name);
    }
  }
  const src = sourceOf(request);
  const [first] = crossingsOf(request);
  if (first && first.from.link.addresses.length > 0) {
    prefixWrong(fine, first.from, first.next);
  }
  if (complaint) {
    if (complaint.outcome.end !== "delivered") complaintLost(lost, trip);
    return;
  }
  await oldDatagrams(fine, request);
  if (turnedBack(lost, from, trip)) return;
  if (outcome.end === "left") {
    if (!await explainDeparture(lost, request, outcome.at)) return;
  } else if (outcome.end !== "delivered") {
    await explainLoss(lost, {
      leg: request,
      from,
      to: path.question.to,
      request,
    });
  }
  if (!reply) return;
  await noteWhatWasSeen(path, reply);
  await checkSegments(fine, reply);
  if (trip.answered === "refused" && path.question.means) {
    await refusal(path.where({ isLost: true, isSure }), from, trip);
  }
  if (reply.outcome.end === "delivered" || src === undefined) return;
  // Who answers from out of view is nobody's namespace.
  const replier = outcome.end === "delivered"
    ? outcome.at.namespace
    : undefined;
  await explainLoss(lost, { leg: reply, from: replier, to: src, request });
}

/** What may be in the way of the next packet, on segments that this one crossed. */
async function checkSegments(path: Path, leg: Leg): Promise<void> {
  for (const crossing of crossingsOf(leg)) {
    if (crossing.to) await segmentFaults(path, crossing);
  }
}
