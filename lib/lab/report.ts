/** Where a lab is and what reaches what, and whether that is as promised. */

import { adapt } from "../course/adapt.ts";
import { progress } from "../course/facts.ts";
import { snapshotFor } from "../course/snapshot_for.ts";
import { EXIT } from "../cli/problem.ts";
import { emptySnapshot, type Snapshot, takeSnapshot } from "../net/snapshot.ts";
import type { Stage, Verdict } from "../course/stage.ts";
import type { Machine } from "./machine.ts";
import { askAll } from "../reach/matrix.ts";
import { notAsked, questions, type Reach, reach } from "../reach/ping.ts";

/** A check of reachability, and what the lab's stage promises of it. */
export interface Judged extends Reach {
  /** Absent where nothing is promised: no stage in place, or a gap. */
  expected?: Verdict;
  /** Undefined where it could not be checked, or nothing was promised. */
  asExpected?: boolean;
}

/** What `--json` prints. */
export interface Report {
  /** Where the lab is. */
  machine: {
    kind: string;
    name: string;
    pid: number | null;
    uplink: string | null;
  };
  /** Each stage, in order, and whether all its facts hold. */
  stages: { name: string; inPlace: boolean }[];
  /** The answers to the questions of ping.ts, in their order. */
  reach: Judged[];
}

/**
 * Reads the machine's state and pings, both at the same time.
 *
 * @param whole also reads what is none of the lab's, for a figure.
 */
export async function look(
  stages: readonly Stage[],
  machine: Machine,
  whole = false,
): Promise<{ snapshot: Snapshot; report: Report }> {
  const asked = questions(stages);
  if (machine.kind === "none") {
    const snapshot = emptySnapshot();
    const seen = asked.map(notAsked);
    return { snapshot, report: makeReport(stages, snapshot, machine, seen) };
  }
  const [seen, snapshot] = await Promise.all([
    Promise.all(asked.map(({ from, to }) => reach(from, to))),
    whole ? takeSnapshot() : snapshotFor(stages),
  ]);
  return await judged(stages, machine, snapshot, seen);
}

/** The same, and lets everybody ping everybody: see matrix.ts of lib/reach. */
export async function lookAtAll(
  stages: readonly Stage[],
  machine: Machine,
): Promise<{ snapshot: Snapshot; report: Report; matrix: Reach[] }> {
  if (machine.kind === "none") {
    return { ...await look(stages, machine), matrix: [] };
  }
  const snapshot = await snapshotFor(stages);
  const matrix = await askAll(stages, snapshot);
  const seen = await Promise.all(
    questions(stages).map(({ from, to }) =>
      // Where ns1 is not there, it is not asked among the others.
      matrix.find((each) => each.from === from && each.to === to) ??
        reach(from, to)
    ),
  );
  return { ...await judged(stages, machine, snapshot, seen), matrix };
}

async function judged(
  stages: readonly Stage[],
  machine: Machine,
  snapshot: Snapshot,
  seen: Reach[],
): Promise<{ snapshot: Snapshot; report: Report }> {
  const adapted = adapt(stages, { uplink: snapshot.uplink });
  const report = makeReport(adapted, snapshot, machine, seen);
  report.reach = await Promise.all(report.reach.map(askAgain));
  return { snapshot, report };
}

/**
 * A cable that was just switched on may take the kernel more than a second to
 * report, if it is busy: silence where an answer was promised is asked again,
 * once, with more patience.
 */
async function askAgain(seen: Judged): Promise<Judged> {
  const { from, to, verdict, expected } = seen;
  if (verdict !== "no-reply" || expected !== "ok") return seen;
  return judgeBy(await reach(from, to, 2), expected);
}

/** Holds what was seen against what the lab's stage promises. */
function makeReport(
  stages: readonly Stage[],
  snapshot: Snapshot,
  machine: Machine,
  seen: Reach[],
): Report {
  const { inPlace, level, beyond } = progress(stages, snapshot);
  const promised = beyond ? undefined : stages[level - 1]?.reach;
  const asked = questions(stages);
  return {
    machine: {
      kind: machine.kind,
      name: machine.name,
      pid: machine.pid,
      uplink: snapshot.uplink ?? null,
    },
    stages: stages.map(({ name }, i) => ({ name, inPlace: inPlace[i] })),
    reach: seen.map((each, i) => judgeBy(each, promised?.[asked[i].about])),
  };
}

function judgeBy(seen: Reach, expected?: Verdict): Judged {
  if (expected === undefined) return seen;
  const checked = seen.verdict !== "could-not-check";
  return {
    ...seen,
    expected,
    asExpected: checked ? seen.verdict === expected : undefined,
  };
}

/** 0 all as promised, 1 something differs, 3 something could not be checked. */
export function reportExit({ reach }: Report): number {
  const promised = reach.filter((each) => each.expected !== undefined);
  if (promised.some((each) => each.asExpected === false)) return EXIT.differs;
  return promised.every((each) => each.asExpected) ? EXIT.ok : EXIT.blocked;
}
