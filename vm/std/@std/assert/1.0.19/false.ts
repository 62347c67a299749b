import { AssertionError } from "./assertion_error.ts";

/** The values that count as false in a condition. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** Throws an {@linkcode AssertionError} if `expr` is truthy. */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}
