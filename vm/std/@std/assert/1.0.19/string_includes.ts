import { failBecause } from "./_fail_because.ts";

/** Throws an {@linkcode AssertionError} unless `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  failBecause(`Expected actual: "${actual}" to contain: "${expected}"`, msg);
}
