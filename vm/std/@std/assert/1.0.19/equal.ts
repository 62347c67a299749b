/** Built-in types whose contents no key shows and that nothing here needs. */
const OPAQUE = /^\[object (Weak|Temporal|DataView|SharedArrayBuffer)/;

/**
 * Whether two values have the same structure: same prototype, same keys, same
 * contents. Maps and sets ignore order, `NaN` equals itself, cycles are fine,
 * and an error equals only itself. Throws a `TypeError` for the few built-in
 * types that it cannot look into.
 */
export function equal(a: unknown, b: unknown): boolean {
  return same(a, b, []);
}

/** `path` holds the pairs we are inside of: meeting one again is a cycle. */
function same(a: unknown, b: unknown, path: [object, object][]): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (prototypeOf(a) !== prototypeOf(b) || a instanceof Error) return false;
  if (OPAQUE.test(Object.prototype.toString.call(a))) {
    throw new TypeError(`Cannot compare ${a.constructor.name} instances`);
  }
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  if (path.some(([x, y]) => x === a && y === b)) return true;
  const alike = (x: unknown, y: unknown) => same(x, y, [...path, [a, b]]);

  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return alike(new Uint8Array(a), new Uint8Array(b));
  }
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size &&
      [...a].every((x) => b.has(x) || [...b].some((y) => alike(x, y)));
  }
  if (a instanceof Map && b instanceof Map) {
    const entries = [...b];
    return a.size === b.size &&
      [...a].every(([k, v]) =>
        entries.some(([l, w]) => alike(k, l) && alike(v, w))
      );
  }
  const keys = ownKeys(a);
  return keys.length === ownKeys(b).length &&
    keys.every((key) =>
      Object.hasOwn(b, key) && alike(Reflect.get(a, key), Reflect.get(b, key))
    );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** An object without a prototype counts as a plain one. */
function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

function ownKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key)
  );
}
