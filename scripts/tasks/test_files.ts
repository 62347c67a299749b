/** Which files of tests somebody means. */

import { didYouMean } from "../../lib/cli/nearest.ts";
import { exists } from "../../lib/cli/files.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { quoteWord } from "../../lib/cli/word.ts";
import { ROOT } from "../../vm/path.ts";
import { t } from "../../lib/cli/translate.ts";

/**
 * The path of a file or a folder as it is; or, for a word such as `nat`, the
 * files of that name, wherever they are in tests/.
 */
export function testFiles(word: string): string[] {
  if (exists(word.startsWith("/") ? word : ROOT + word)) return [word];
  const all = [...testsIn("tests")];
  const named = all.filter((path) => nameOf(path) === word);
  if (named.length > 0) return named;
  throw new Problem(
    t`There are no tests ${quoteWord(word)}.`,
    didYouMean(word, [...new Set(all.map(nameOf))].sort()),
    EXIT.usage,
  );
}

function* testsIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(ROOT + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* testsIn(path);
    else if (name.endsWith("_test.ts")) yield path;
  }
}

function nameOf(path: string): string {
  return path.replace(/^.*\/|_test\.ts$/g, "");
}
