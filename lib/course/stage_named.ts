/** A stage, or a chapter, by its name. */

import { didYouMean } from "../cli/nearest.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { quoteWord } from "../cli/word.ts";
import { t } from "../cli/translate.ts";

/**
 * The lesson of this name, or of its task's, such as `stage:nat`. Throws a
 * {@linkcode Problem} that names the nearest one.
 */
export function stageNamed<Lesson extends { name: string }>(
  lessons: readonly Lesson[],
  name: string,
): Lesson {
  const lesson = lessons.find((lesson) =>
    lesson.name === name.replace(/^(stage|beyond):/, "")
  );
  if (lesson) return lesson;
  throw new Problem(
    t`Unknown stage ${quoteWord(name)}.`,
    didYouMean(name, lessons.map((lesson) => lesson.name)),
    EXIT.usage,
  );
}
