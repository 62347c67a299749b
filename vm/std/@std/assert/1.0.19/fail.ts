import { failBecause } from "./_fail_because.ts";

/** Always throws an {@linkcode AssertionError}: this line must not be met. */
export function fail(msg?: string): never {
  failBecause("Failed assertion", msg);
}
