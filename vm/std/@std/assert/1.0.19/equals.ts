import { diff } from "./_diff.ts";
import { failBecause } from "./_fail_because.ts";
import { equal } from "./equal.ts";

/**
 * Throws an {@linkcode AssertionError} with a line by line difference unless
 * both values have the same structure.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  failBecause("Values are not equal", msg, diff(actual, expected));
}
