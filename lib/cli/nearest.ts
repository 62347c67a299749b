/** "Did you mean": the known word that is nearest to a mistyped one. */

import { t } from "./translate.ts";

/**
 * The word of `known` with the fewest single-letter edits from `word`, or
 * undefined when even the nearest is too far away to be a slip of the finger.
 */
export function nearest(
  word: string,
  known: readonly string[],
): string | undefined {
  if (word.length > 40) return undefined;
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  // Of two letters one at least must be right.
  const slip = Math.min(word.length - 1, Math.max(2, word.length / 3));
  return best && best.edits <= slip ? best.candidate : undefined;
}

/** A sentence that names the nearest known word, or all of them; or "". */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const match = nearest(word, known);
  return match
    ? t`Did you mean ${JSON.stringify(match)}?`
    : t`Known: ${known.join(", ")}.`;
}

/** Levenshtein's distance: insertions, deletions and replacements. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length];
}
