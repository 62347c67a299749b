import { assertEquals } from "./equals.ts";

/**
 * Throws an {@linkcode AssertionError} unless `actual` has everything that
 * `expected` has. More keys in an object or a map, more members in a set and
 * more elements at the end of an array are fine, at any depth.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- an interface has no index signature
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  // Taking the expected part of `expected` too makes class instances plain.
  assertEquals(pick(actual, expected), pick(expected, expected), msg);
}

/** What is left of `actual` without all that `expected` does not mention. */
function part(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.slice(0, expected.length)
      .map((value, i) => part(value, expected[i]));
  }
  if (actual instanceof Map && expected instanceof Map) {
    return new Map(
      [...actual].filter(([key]) => expected.has(key))
        .map(([key, value]) => [key, part(value, expected.get(key))]),
    );
  }
  if (actual instanceof Set && expected instanceof Set) {
    return new Set([...actual].filter((value) => expected.has(value)));
  }
  if (isRecord(expected) && typeof actual === "object" && actual !== null) {
    return pick(actual, expected);
  }
  return actual;
}

/** The keys of `actual` that `expected` has as well, as a plain object. */
function pick(actual: object, expected: Record<PropertyKey, unknown>): object {
  return Object.fromEntries(
    Reflect.ownKeys(expected).filter((key) => Object.hasOwn(actual, key))
      .map((key) => [key, part(Reflect.get(actual, key), expected[key])]),
  );
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
