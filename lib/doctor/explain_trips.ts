/** The doctor's word on a packet that was sent and seen: why no answer came. */

import type { Stage } from "../course/stage.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Network } from "../net/network.ts";
import type { RoundTrip } from "../walk/flow.ts";
import { readLab } from "./diagnose.ts";
import type { Diagnosis, Probe } from "./diagnosis.ts";
import type { Means } from "./means.ts";
import { followTrips } from "./follow.ts";
import { judge } from "./judge.ts";
import { Notes } from "./notes.ts";
import { Path } from "./path.ts";
import { questionsFor } from "./questions.ts";
import { complaintHeard } from "./size_faults.ts";
import { explainUnanswered } from "./silence.ts";

/** A packet that got no answer. */
export interface Unanswered
  extends Pick<Probe, "verdict" | "words" | "command"> {
  /** The namespace that sent it. */
  from: Namespace;
  /** The address that it was for. */
  to: string;
  /** The walks that fit what was seen of it; none if the walk is refuted. */
  trips: readonly RoundTrip[];
  /** What it was, if it was no plain ping. */
  means?: Means;
  /** Whether it was a ping: then more may be found out by other pings. */
  isPing: boolean;
}

/**
 * Says why a packet got no answer, in the doctor's codes. Reads, and changes
 * nothing; where nothing that was read explains it, it may send pings.
 */
export async function explainTrips(
  network: Network,
  { from, to, trips, isPing, means, ...said }: Unanswered,
  stages: readonly Stage[] = [],
): Promise<Diagnosis> {
  const lab = await readLab(network, { from, stages });
  const [question] = await questionsFor(
    network,
    from,
    to,
    lab,
    means,
  );
  const notes = new Notes();
  const path = new Path(network, question, notes, lab);
  await followTrips(path, from, trips);
  for (const trip of trips) complaintHeard(path, trip);
  const probe: Probe = { question, ...said };
  if (notes.drafts.length === 0 && isPing) {
    await explainUnanswered(network, notes, [probe]);
  }
  return await judge(network, [question], notes, [probe], lab, false);
}
