import { failBecause } from "./_fail_because.ts";

/** Throws an {@linkcode AssertionError} if `actual` matches `expected`. */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) return;
  failBecause(`Expected actual: "${actual}" to not match: "${expected}"`, msg);
}
