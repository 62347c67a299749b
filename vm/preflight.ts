/** Why no sandbox can be made here, found out by trying; and what helps. */

import { Problem } from "../lib/problem.ts";

/** The reason behind the words that a failed start left. */
export function blocker(words: string): Promise<Problem> {
  return Promise.resolve(
    new Problem(`Cannot make a sandbox: ${words.trim()}.`),
  );
}
