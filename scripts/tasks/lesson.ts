/** Which lesson a command line names, for the two tasks that run one. */

import { EXIT } from "../../lib/cli/problem.ts";
import { tell } from "../../lib/cli/terminal.ts";
import { t } from "../../lib/cli/translate.ts";
import { typed } from "../../lib/cli/typed.ts";
import { quoteWord } from "../../lib/cli/word.ts";

/**
 * The lesson that the first word names, and the words after it. Says so and
 * ends with exit code 2 if there is none.
 *
 * @param kind what its tasks begin with: `stage`, `beyond`.
 */
export function lessonOf<Lesson extends { name: string }>(
  kind: string,
  lessons: readonly Lesson[],
): { lesson: Lesson; words: string[] } {
  const [name, ...words] = Deno.args;
  const lesson = lessons.find((each) => each.name === name);
  if (lesson) return { lesson, words };
  const all = lessons.map(({ name }) => name).join(", ");
  tell(
    name === undefined
      ? t`Which one? ${all}.`
      : t`Unknown name ${quoteWord(name)}: they are ${all}.`,
  );
  tell(t`Such as: ${typed(`${kind}:${lessons[0].name}`)}`);
  Deno.exit(EXIT.usage);
}
