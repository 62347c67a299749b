/** Takes the lab from where it is to where it should be. */

import { type Failure, runLines } from "./batch.ts";
import { describe, holds, progress } from "../course/facts.ts";
import { snapshotFor } from "../course/snapshot_for.ts";
import type { Guard } from "./guard.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { link, namespace, type Snapshot } from "../net/snapshot.ts";
import { type Fact, type Stage, type Step, steps } from "../course/stage.ts";
import { typed } from "../cli/typed.ts";
import { t } from "../cli/translate.ts";

/** Steps of one stage that are to be run, or to be taken back. */
export interface Part {
  /** The stage that they belong to. */
  stage: Stage;
  /** In the order in which they are to be run. */
  steps: Step[];
}

/** What it takes to get somewhere: first take back, then run. */
export interface Plan {
  /** Taken back, last stage first. */
  back: Part[];
  /** Run, first stage first. */
  forth: Part[];
}

/** How to get to a stage. */
export type Mode =
  /** Run what is missing up to it; leave alone what is beyond. */
  | "reach"
  /** The same, and take back what is beyond. */
  | "exactly"
  /** Take it back, and all that is beyond. */
  | "undo"
  /** Run it alone. */
  | "only";

/** Compares the snapshot with the stages and says what is to be done. */
export function plan(
  stages: readonly Stage[],
  target: Stage,
  mode: Mode,
  snapshot: Snapshot,
): Plan {
  const parts = (isWanted: (step: Step, index: number) => boolean): Part[] =>
    stages.map((stage, index) => ({
      stage,
      steps: steps(stage).filter((step) => isWanted(step, index)),
    })).filter(({ steps }) => steps.length > 0);
  // What was killed half-way has to go before it can be made.
  const back = (from: number): Part[] =>
    parts((step, index) =>
      isHalfMade(step, snapshot) ||
      index >= from && holds(step.fact, snapshot)
    ).reverse().map(({ stage, steps }) => ({ stage, steps: steps.reverse() }));
  const forth = (from: number, to: number): Part[] =>
    parts((step, index) =>
      index >= from && index <= to && !holds(step.fact, snapshot)
    );
  const at = stages.indexOf(target);
  const end = stages.length;
  switch (mode) {
    case "reach":
      return { back: back(end), forth: forth(0, at) };
    case "exactly":
      return { back: back(at + 1), forth: forth(0, at) };
    case "undo":
      return { back: back(at), forth: [] };
    case "only":
      return { back: back(end), forth: forth(at, at) };
  }
}

/** Whether a command was killed in the middle of it. */
function isHalfMade({ fact }: Step, snapshot: Snapshot): boolean {
  return "netns" in fact &&
    namespace(snapshot, fact.netns)?.isNameOnly === true;
}

/** A line that was run. */
export interface Ran {
  /** The stage that it belongs to. */
  stage: Stage;
  /** Whether it took something back. */
  back: boolean;
  /** The command line as it was typed. */
  line: string;
  /** What it printed. */
  output: string;
}

/**
 * Takes out of a plan what the guard does not let be taken back, and tells
 * his reasons.
 */
export function sparing(
  { back, forth }: Plan,
  guard?: Guard,
): { todo: Plan; reasons: string[] } {
  const reasons: string[] = [];
  const mayGo = (step: Step) => {
    const reason = guard?.keeps(step);
    if (reason) reasons.push(reason);
    return reason === undefined;
  };
  const parts = back.map(({ stage, steps }) => ({
    stage,
    steps: steps.filter(mayGo),
  }));
  const todo = { back: parts.filter(({ steps }) => steps.length > 0), forth };
  return { todo, reasons };
}

/** What carrying out a plan takes into account. */
export interface ApplyOptions {
  /** Watches over the machine, where that is not ours alone. */
  guard?: Guard;
  /** Plans anew, where the machine's network was not at rest. */
  again?: (now: Snapshot) => Plan;
}

/**
 * Carries out a plan. Throws a {@linkcode Problem} with the kernel's own words
 * at the first line that fails; what ran before it stays.
 *
 * @param options with a `guard`, that one hears of every step before and after,
 * and lines run one by one; `again` plans anew where a killed command's work
 * still goes on.
 */
export async function apply(
  stages: readonly Stage[],
  todo: Plan,
  echo: (ran: Ran) => void,
  { guard, again }: ApplyOptions = {},
): Promise<void> {
  let rest = linesOf(todo);
  const ran = (index: number, output: string) => {
    const { stage, back, line } = rest[index];
    echo({ stage, back, line, output });
  };
  const deadline = Date.now() + SETTLES_MS;
  while (true) {
    const failure = guard
      ? await oneByOne(rest, ran, guard)
      : await runLines(rest.map(({ line }) => line), ran);
    if (!failure) return;
    const stop = rest[failure.index];
    const mayPass = stop.back ? IS_GONE : IS_THERE;
    if (!mayPass.test(failure.words) || Date.now() > deadline) {
      throw await stopped(stages, stop, failure.words);
    }
    // A deleted namespace takes its veth pairs along in its own time, and an
    // `ip` that a killed command had started still ends its work.
    const now = await snapshotFor(stages);
    rest = again
      ? linesOf(again(now))
      : rest.filter(({ step, back }) => holds(step.fact, now) === back);
  }
}

/** The lines of a plan in their order. */
function linesOf({ back, forth }: Plan): Planned[] {
  return [
    ...back.flatMap(({ stage, steps }) =>
      steps.map((step) => ({ stage, step, back: true, line: step.undo }))
    ),
    ...forth.flatMap(({ stage, steps }) =>
      steps.map((step) => ({ stage, step, back: false, line: step.command }))
    ),
  ];
}

/** A line that is to be run, and the step that it is of. */
type Planned = Omit<Ran, "output"> & { step: Step };

/** The same as {@linkcode runLines}, with a guard who hears of each line. */
async function oneByOne(
  all: Planned[],
  ran: (index: number, output: string) => void,
  guard: Guard,
): Promise<Failure | undefined> {
  for (const [index, { line, step, back }] of all.entries()) {
    await guard.before(step, back);
    const failure = await runLines([line], (_, output) => ran(index, output));
    await guard.after(step, back, failure === undefined);
    if (failure) return { ...failure, index };
  }
}

/** What the kernel says of something that is there already … */
const IS_THERE = /File exists$/;
/** … or not any more. */
const IS_GONE = /Cannot find device|No such|not found/;

/** How long what was ended may keep the machine's network busy. */
const SETTLES_MS = 500;

async function stopped(
  stages: readonly Stage[],
  { stage, line }: Pick<Ran, "stage" | "line">,
  words: string,
): Promise<Problem> {
  const missing = await missingBefore(stages, stage);
  const next = missing
    ? t`Stage ${missing.name} comes first: ${typed(`stage:${missing.name}`)}`
    : t`See what is there: ${typed("status")}. Begin anew: ${typed("down")}.`;
  return new Problem(`\`${line}\`: ${words}.`, next);
}

/** The first stage that is not in place before this one. */
async function missingBefore(
  stages: readonly Stage[],
  stage: Stage,
): Promise<Stage | undefined> {
  try {
    const { inPlace } = progress(stages, await snapshotFor(stages));
    return stages.slice(0, stages.indexOf(stage)).find((_, i) => !inPlace[i]);
  } catch (error) {
    // What failed first is what to tell, not that one cannot look either.
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/**
 * Throws unless what was taken back is so no more, and what comes before it is
 * still so: a card that was to come back may have gone elsewhere.
 */
export function confirmBack(
  stages: readonly Stage[],
  { back, forth }: Plan,
  before: Snapshot,
  after: Snapshot,
): void {
  if (back.length === 0) return;
  const again = forth.flatMap(({ steps }) => steps.map(({ fact }) => fact));
  const staying = stages.slice(0, stages.indexOf(back.at(-1)!.stage));
  for (const { steps } of back) {
    for (const { fact, undo } of steps) {
      if (again.includes(fact)) continue;
      if (hasStrayed(fact, staying, after)) {
        throw differs(t`\`${undo}\` ran, and its link is not on this machine.`);
      }
      if (!holds(fact, after)) continue;
      throw differs(t`\`${undo}\` ran, and yet: ${describe(fact)}.`);
    }
  }
  for (const stage of staying) {
    for (const fact of stage.facts) {
      if (!holds(fact, before) || holds(fact, after)) continue;
      throw differs(
        t`Stage ${stage.name} was to stay as it is, but not so any more: ${
          describe(fact)
        }.`,
      );
    }
  }
}

/** Whether a link that was to come back from a namespace has not. */
function hasStrayed(
  fact: Fact,
  staying: readonly Stage[],
  after: Snapshot,
): boolean {
  // All that such a fact tells is a link and its place.
  if (!("in" in fact && "link" in fact)) return false;
  if ("up" in fact || "address" in fact) return false;
  const name = fact.link;
  const isMade = staying.some(({ facts }) =>
    facts.some((each) =>
      "peer" in each && (each.link === name || each.peer === name)
    )
  );
  return isMade && !link(after, name);
}

/** Throws unless every fact of the stages up to `target` holds. */
export function confirm(
  stages: readonly Stage[],
  target: Stage,
  snapshot: Snapshot,
): void {
  for (const stage of stages.slice(0, stages.indexOf(target) + 1)) {
    for (const fact of stage.facts) {
      if (holds(fact, snapshot)) continue;
      throw differs(t`Stage ${stage.name} ran, but not so: ${describe(fact)}.`);
    }
  }
}

function differs(what: string): Problem {
  return new Problem(
    what,
    t`Something else changes this machine's network at the same time. Look with: ${
      typed("status")
    }`,
    EXIT.differs,
  );
}
