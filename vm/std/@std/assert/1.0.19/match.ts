import { failBecause } from "./_fail_because.ts";

/** Throws an {@linkcode AssertionError} unless `actual` matches `expected`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  failBecause(`Expected actual: "${actual}" to match: "${expected}"`, msg);
}
