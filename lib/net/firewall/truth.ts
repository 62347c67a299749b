/** Logic with a third value: cannot be told. */

/** Yes, no, or undefined: cannot be told. */
export type Truth = boolean | undefined;

/** All of them hold: a no beats what cannot be told, and that beats a yes. */
export function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

/** One of them holds: a yes beats what cannot be told, and that beats a no. */
export function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}

/** The opposite, where it is known. */
export function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

/** Whether two values are the same, where both are known. */
export function same<T>(one: T | undefined, other: T | undefined): Truth {
  return one === undefined || other === undefined ? undefined : one === other;
}

/** Whether a number lies between two others, both included. */
export function within(
  value: number | undefined,
  low: number,
  high: number,
): Truth {
  return value === undefined ? undefined : value >= low && value <= high;
}

/** Whether a name fits a pattern with a wildcard at its end, as in `veth+`. */
export function fits(pattern: string, name = "", wildcard = "+"): boolean {
  return pattern.endsWith(wildcard)
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern;
}
