import { failBecause } from "./_fail_because.ts";
import { inspect } from "./_inspect.ts";
import { equal } from "./equal.ts";

/**
 * Throws an {@linkcode AssertionError} if both values have the same structure.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  const [a, b] = [inspect(actual), inspect(expected)];
  failBecause(`Expected actual: ${a} not to be: ${b}`, msg);
}
