/** A stage, or a chapter, by its name. */

import { didYouMean } from "./nearest.ts";
import { EXIT, Problem } from "./problem.ts";
import { quoteWord } from "./word.ts";

/** The lesson of this name; a {@linkcode Problem} names the nearest one. */
export function stageNamed<Lesson extends { name: string }>(
  lessons: readonly Lesson[],
  name: string,
): Lesson {
  const lesson = lessons.find((lesson) => lesson.name === name);
  if (lesson) return lesson;
  throw new Problem(
    `Unknown stage ${quoteWord(name)}.`,
    didYouMean(name, lessons.map((lesson) => lesson.name)),
    EXIT.usage,
  );
}
