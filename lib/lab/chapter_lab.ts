/** Takes a sandbox to where a chapter leads, and back. */

import type { Chapter } from "../course/chapter.ts";
import { describe, holds } from "../course/facts.ts";
import { snapshotFor } from "../course/snapshot_for.ts";
import { apply, plan } from "./plan.ts";
import { runLine } from "../course/line.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import type { Snapshot } from "../net/snapshot.ts";
import type { Stage } from "../course/stage.ts";
import { t } from "../cli/translate.ts";

/** All that there is to start from. */
export interface Course {
  /** The nine stages. */
  stages: readonly Stage[];
  /** The chapters after them. */
  chapters: readonly Chapter[];
}

/** Is told of every line that went through, and what it printed. */
export type Echo = (line: string, output: string) => void;

/** Whether all that the chapter makes true is so. */
export function isInPlace(
  { facts }: Chapter,
  snapshot: Snapshot,
): boolean {
  return facts.every((fact) => holds(fact, snapshot));
}

/**
 * Brings the machine to where the chapter starts and runs its commands, unless
 * it is in place. Throws a {@linkcode Problem} where a command fails, and if
 * all went through and yet not all of the chapter's facts hold.
 *
 * @param echo is told of the chapter's own lines, not of those before it.
 */
export async function bringAbout(
  chapter: Chapter,
  course: Course,
  echo: Echo = () => {},
): Promise<void> {
  if (isInPlace(chapter, await snapshotFor([chapter]))) return;
  await goTo(chapter.from, course);
  await runAll(chapter.commands, echo);
  const after = await snapshotFor([chapter]);
  const missing = chapter.facts.find((fact) => !holds(fact, after));
  if (!missing) return;
  throw new Problem(
    t`Chapter ${chapter.name} ran, but not so: ${describe(missing)}.`,
    t`Something else changes this machine's network at the same time.`,
    EXIT.differs,
  );
}

/** Takes the chapter back, if it is in place. Says whether it was. */
export async function takeBack(chapter: Chapter, echo: Echo): Promise<boolean> {
  if (!isInPlace(chapter, await snapshotFor([chapter]))) return false;
  await runAll(chapter.undo, echo);
  return true;
}

/** Brings the machine to a stage or a chapter by its name. */
async function goTo(
  name: string | undefined,
  { stages, chapters }: Course,
): Promise<void> {
  if (name === undefined) return;
  const chapter = chapters.find((each) => each.name === name);
  if (chapter) return await bringAbout(chapter, { stages, chapters });
  const target = stages.find((each) => each.name === name);
  if (!target) throw new Error(t`No stage or chapter is named ${name}.`);
  const todo = plan(stages, target, "reach", await snapshotFor(stages));
  await apply(stages, todo, () => {});
}

async function runAll(lines: readonly string[], echo: Echo): Promise<void> {
  for (const line of lines) echo(line, await runLine(line));
}
