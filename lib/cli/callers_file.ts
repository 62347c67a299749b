/** Files that the user names: they are where he is, not where the checkout is. */

import { howToWrite, Problem, wordsOf } from "./problem.ts";
import { t } from "./translate.ts";

/**
 * The path of a file as the user named it. Tasks run in the checkout's folder;
 * `deno task` and `./lab` say from which one they were started.
 */
export function callersPath(file: string): string {
  const folder = Deno.env.get("INIT_CWD");
  const isWhole = /^([A-Za-z]:)?[\\/]/.test(file);
  return isWhole || !folder ? file : `${folder}/${file}`;
}

/** Writes a file that the user named. */
export function writeForCaller(file: string, content: string | Uint8Array) {
  const path = callersPath(file);
  try {
    typeof content === "string"
      ? Deno.writeTextFileSync(path, content)
      : Deno.writeFileSync(path, content);
  } catch (error) {
    throw new Problem(
      t`Cannot write ${path}: ${wordsOf(error)}.`,
      howToWrite(error, t`Give a file in a folder of yours.`),
    );
  }
}
