/**
 * The assertions of `@std/assert` that this project uses.
 *
 * A stand-in, see `vm/std/README.md`.
 *
 * @module
 */
export type { ErrorClass } from "./_check_error.ts";
export { assert } from "./assert.ts";
export { AssertionError } from "./assertion_error.ts";
export { assertEquals } from "./equals.ts";
export { assertMatch } from "./match.ts";
export { assertNotEquals } from "./not_equals.ts";
export { assertNotMatch } from "./not_match.ts";
export { assertStringIncludes } from "./string_includes.ts";
export { assertThrows } from "./throws.ts";
