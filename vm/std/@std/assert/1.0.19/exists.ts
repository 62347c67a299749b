import { failBecause } from "./_fail_because.ts";

/** Throws an {@linkcode AssertionError} if `actual` is null or undefined. */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  failBecause(`Expected actual: "${actual}" to not be null or undefined`, msg);
}
