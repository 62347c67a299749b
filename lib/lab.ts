/** Takes the lab from where it is to where it should be. */

import { type Failure, runLines } from "./batch.ts";
import { describe, holds, progress } from "./facts.ts";
import type { Keeper } from "./keeper.ts";
import { EXIT, Problem } from "./problem.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import { type Stage, type Step, steps } from "./stage.ts";
import { typed } from "./typed.ts";

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
  const at = stages.indexOf(target);
  const part = (stage: Stage, inPlace: boolean): Part => ({
    stage,
    steps: steps(stage).filter((step) =>
      holds(step.fact, snapshot) === inPlace
    ),
  });
  const parts = (chosen: readonly Stage[], inPlace: boolean): Part[] =>
    chosen.map((stage) => part(stage, inPlace))
      .filter((part) => part.steps.length > 0);
  const back = (from: number): Part[] =>
    parts(stages.slice(from), true).reverse()
      .map(({ stage, steps }) => ({ stage, steps: steps.reverse() }));
  switch (mode) {
    case "reach":
      return { back: [], forth: parts(stages.slice(0, at + 1), false) };
    case "exactly":
      return {
        back: back(at + 1),
        forth: parts(stages.slice(0, at + 1), false),
      };
    case "undo":
      return { back: back(at), forth: [] };
    case "only":
      return { back: [], forth: parts([target], false) };
  }
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
 * Takes out of a plan what the keeper does not let be taken back, and tells
 * his reasons.
 */
export function sparing(
  { back, forth }: Plan,
  keeper?: Keeper,
): { todo: Plan; reasons: string[] } {
  const reasons: string[] = [];
  const mayGo = (step: Step) => {
    const reason = keeper?.keeps(step);
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

/**
 * Carries out a plan. Throws a {@linkcode Problem} with the kernel's own words
 * at the first line that fails; what ran before it stays.
 *
 * @param keeper hears of every step before and after; lines then run one by one.
 */
export async function carryOut(
  stages: readonly Stage[],
  { back, forth }: Plan,
  echo: (ran: Ran) => void,
  keeper?: Keeper,
): Promise<void> {
  const all: Planned[] = [
    ...back.flatMap(({ stage, steps }) =>
      steps.map((step) => ({ stage, step, back: true, line: step.undo }))
    ),
    ...forth.flatMap(({ stage, steps }) =>
      steps.map((step) => ({ stage, step, back: false, line: step.command }))
    ),
  ];
  let done = 0;
  let failure: Failure | undefined;
  const deadline = Date.now() + GONE_MS;
  do {
    const from = done;
    const rest = all.slice(from);
    const ran = (index: number, output: string) => {
      const { stage, back, line } = rest[index];
      echo({ stage, back, line, output });
      done++;
    };
    failure = keeper
      ? await oneByOne(rest, ran, keeper)
      : await runLines(rest.map(({ line }) => line), ran);
    if (failure) done = from + failure.index;
    // A deleted namespace takes its veth ends along in its own time: the name
    // is free again after some ten milliseconds.
  } while (failure?.words === "File exists" && Date.now() < deadline);
  if (failure) throw await stopped(stages, all[done], failure.words);
}

/** A line that is to be run, and the step that it is of. */
type Planned = Omit<Ran, "output"> & { step: Step };

/** The same as {@linkcode runLines}, with a keeper who hears of each line. */
async function oneByOne(
  all: Planned[],
  ran: (index: number, output: string) => void,
  keeper: Keeper,
): Promise<Failure | undefined> {
  for (const [index, { line, step, back }] of all.entries()) {
    await keeper.before(step, back);
    const failure = await runLines([line], (_, output) => ran(index, output));
    await keeper.after(step, back, failure === undefined);
    if (failure) return { ...failure, index };
  }
}

/** How long the leftovers of a deleted namespace may keep a name busy. */
const GONE_MS = 500;

async function stopped(
  stages: readonly Stage[],
  { stage, line }: Pick<Ran, "stage" | "line">,
  words: string,
): Promise<Problem> {
  const { inPlace } = progress(stages, await takeSnapshot());
  const before = stages.slice(0, stages.indexOf(stage));
  const missing = before.find((_, i) => !inPlace[i]);
  const next = missing
    ? `Stage ${missing.name} comes first: ${typed(`stage:${missing.name}`)}`
    : `See what is there: ${typed("status")}. Begin anew: ${typed("down")}.`;
  return new Problem(`\`${line}\`: ${words}.`, next);
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
      throw new Problem(
        `Stage ${stage.name} ran, but not so: ${describe(fact)}.`,
        `Something else changes this machine's network at the same time. Look with: ${
          typed("status")
        }`,
        EXIT.differs,
      );
    }
  }
}
