import { checkError, type ErrorClass } from "./_check_error.ts";
import { failBecause } from "./_fail_because.ts";

/**
 * Runs `fn` and returns what it throws; throws an {@linkcode AssertionError} if
 * it returns.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Also asks that the error is an instance of `expected` and that its message
 * includes `msgIncludes`.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  expected: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  expected?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  if (typeof expected === "string") [expected, msg] = [undefined, expected];
  try {
    fn();
  } catch (error) {
    if (expected) checkError(error, "thrown", expected, msgIncludes, msg);
    return error;
  }
  failBecause("Expected function to throw", msg);
}
