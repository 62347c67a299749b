/** As much of the network as facts speak of, however many namespaces there are. */

import { type Snapshot, takeSnapshot } from "../net/snapshot.ts";
import type { Fact } from "./stage.ts";

/**
 * Reads the machine, the namespaces that these facts name, and those where the
 * other ends of their cables have gone. A pair of which both ends are elsewhere
 * is not seen: it is no part of a lab any more.
 */
export async function snapshotFor(
  lessons: readonly { facts: readonly Fact[] }[],
): Promise<Snapshot> {
  const facts = lessons.flatMap(({ facts }) => facts);
  const names = facts.flatMap((fact) =>
    "netns" in fact ? fact.netns : "in" in fact ? fact.in ?? [] : []
  );
  const cables = facts.flatMap((fact) =>
    "peer" in fact ? [fact.link, fact.peer] : []
  );
  return await takeSnapshot({}, { names, cables });
}
