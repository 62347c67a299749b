import { diff } from "./_diff.ts";
import { failBecause } from "./_fail_because.ts";
import { inspect } from "./_inspect.ts";

/**
 * Throws an {@linkcode AssertionError} unless both values are the very same,
 * as `Object.is` sees it.
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const printed = inspect(actual);
  if (printed === inspect(expected)) {
    failBecause(
      "Values have the same structure but are not reference-equal",
      msg,
      `\n\n${printed}\n`,
    );
  }
  failBecause("Values are not strictly equal", msg, diff(actual, expected));
}
