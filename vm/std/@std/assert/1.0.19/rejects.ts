import { checkError, type ErrorClass } from "./_check_error.ts";
import { failBecause } from "./_fail_because.ts";

/**
 * Runs `fn` and resolves to what its promise rejects with; rejects with an
 * {@linkcode AssertionError} if that promise is fulfilled or if `fn` throws
 * before it returns one.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Also asks that the error is an instance of `expected` and that its message
 * includes `msgIncludes`.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  expected: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  expected?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  if (typeof expected === "string") [expected, msg] = [undefined, expected];
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
  } catch {
    // Reported below, together with a function that returns no promise.
  }
  if (typeof promise?.then !== "function") {
    failBecause("Function throws when expected to reject", msg);
  }
  try {
    await promise;
  } catch (error) {
    if (expected) checkError(error, "rejected", expected, msgIncludes, msg);
    return error;
  }
  failBecause("Expected function to reject", msg);
}
