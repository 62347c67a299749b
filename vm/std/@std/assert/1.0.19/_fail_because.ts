import { AssertionError } from "./assertion_error.ts";

/** Throws, ending the sentence with the caller's own words, if any. */
export function failBecause(sentence: string, msg?: string, more = ""): never {
  throw new AssertionError(
    (msg ? `${sentence}: ${msg}` : `${sentence}.`) + more,
  );
}
