import { failBecause } from "./_fail_because.ts";
import { inspect } from "./_inspect.ts";
import { equal } from "./equal.ts";

/**
 * Throws an {@linkcode AssertionError} unless `actual` has an equal element for
 * every element of `expected`, in any order. The message lists the missing.
 */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T> & Iterable<T>,
  expected: ArrayLike<T> & Iterable<T>,
  msg?: string,
): void {
  const has = [...actual];
  const missing = [...expected].filter((e) => !has.some((a) => equal(e, a)));
  if (missing.length === 0) return;
  failBecause(
    `Expected actual: "${inspect(actual)}" to include: "${inspect(expected)}"`,
    msg,
    `\nmissing: ${inspect(missing)}`,
  );
}
