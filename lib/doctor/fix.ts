/** Runs a fix, line by line, and asks before each. */

import { ownWords, run } from "../cli/command.ts";
import { say } from "../cli/terminal.ts";
import { shellWords } from "../cli/shell.ts";
import { t } from "../cli/translate.ts";

/**
 * Runs command lines one after the other.
 *
 * @param yes do not ask.
 * @returns whether all of them ran.
 */
export async function runFix(
  lines: readonly string[],
  yes: boolean,
): Promise<boolean> {
  for (const line of lines) {
    if (!yes && !confirm(`Run \`${line}\`?`)) {
      say(t`Not run. Nothing else is changed.`);
      return false;
    }
    say(`$ ${line}`);
    const { code, stderr } = await run(shellWords(line));
    if (code !== 0) {
      say(`  ${ownWords(stderr)}`);
      return false;
    }
  }
  return true;
}
