import { failBecause } from "./_fail_because.ts";

/** A class of errors, as `assertThrows` and `assertRejects` take it. */
export type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

/**
 * Throws an `AssertionError` unless `error` is an instance of `expected` and
 * its message includes `part`. `how` is "thrown" or "rejected".
 */
export function checkError<E extends Error>(
  error: unknown,
  how: string,
  expected: ErrorClass<E>,
  part = "",
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    failBecause(`A non-Error object was ${how}`, msg);
  }
  if (!(error instanceof expected)) {
    const [want, got] = [expected.name, error.constructor.name];
    failBecause(
      `Expected error to be instance of "${want}", but was "${got}"`,
      msg,
    );
  }
  if (!error.message.includes(part)) {
    failBecause(
      `Expected error message to include "${part}", but got "${error.message}"`,
      msg,
    );
  }
}
