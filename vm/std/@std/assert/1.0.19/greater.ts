import { inspect } from "./_inspect.ts";
import { AssertionError } from "./assertion_error.ts";

/** Throws an {@linkcode AssertionError} unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (actual > expected) return;
  throw new AssertionError(
    msg ?? `Expect ${inspect(actual)} > ${inspect(expected)}`,
  );
}
