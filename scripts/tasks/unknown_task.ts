/** A word that is no task: says so, and which task was meant. Exit code 2. */

import { nearest } from "../../lib/cli/nearest.ts";
import { EXIT } from "../../lib/cli/problem.ts";
import { tell } from "../../lib/cli/terminal.ts";
import { t } from "../../lib/cli/translate.ts";
import { caller, typed } from "../../lib/cli/typed.ts";
import { quoteWord } from "../../lib/cli/word.ts";
import { TASKS } from "./groups.ts";
import { OTHER_WORDS } from "./other_words.ts";

/** The whole name of a task: `nat` is `stage:nat`. */
export function nameOf(word: string): string | undefined {
  return ["", "stage:", "beyond:"].map((prefix) => prefix + word)
    .find((name) => Object.hasOwn(TASKS, name) && name !== "help");
}

/** Says that there is no such task. Returns the exit code. */
export function unknownTask(word: string): number {
  tell(t`Unknown task ${quoteWord(word)}.`);
  tell(meant(word));
  return EXIT.usage;
}

/** What to type instead. */
function meant(word: string): string {
  const known = OTHER_WORDS.find(({ words }) =>
    words.includes(word.toLowerCase())
  );
  if (known) return `${known.about}: ${known.tasks.map(typed).join(", then ")}`;
  const names = Object.keys(TASKS);
  const [first] = names.filter((name) => name.startsWith(`${word}:`));
  if (first) return t`Name one, such as ${typed(first)}. All: ${typed("read")}`;
  // `nta` is nearer to `nat` than to `stage:nat`.
  const short = nearest(word, names.map((name) => name.replace(/^.*:/, "")));
  const near = nearest(word, names) ?? (short && nameOf(short));
  return near
    ? t`Did you mean ${typed(near)}?`
    : t`All tasks: ${typed("help")}. Where you are: ${caller()}`;
}
