import { inspect } from "./_inspect.ts";

/** Above this many pairs of lines the changed part is shown as a whole. */
const MOST_PAIRS = 4_000_000;

/**
 * Shows two values line by line: `-` is only in `actual`, `+` only in
 * `expected`. Two strings are compared as text, anything else as it prints.
 */
export function diff(actual: unknown, expected: unknown): string {
  const text = typeof actual === "string" && typeof expected === "string";
  const lines = (value: unknown) =>
    (text ? String(value) : inspect(value)).split("\n");
  const changes = diffLines(lines(actual), lines(expected));
  return `\n\n    [Diff] Actual / Expected\n\n${changes.join("\n")}\n`;
}

function diffLines(a: string[], b: string[]): string[] {
  // What begins and ends alike needs no search.
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head && tail < b.length - head &&
    a.at(-1 - tail) === b.at(-1 - tail)
  ) tail++;
  return [
    ...a.slice(0, head).map(same),
    ...diffMiddle(
      a.slice(head, a.length - tail),
      b.slice(head, -tail || b.length),
    ),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** Marks the lines outside the longest common subsequence. */
function diffMiddle(a: string[], b: string[]): string[] {
  if (a.length * b.length > MOST_PAIRS) {
    return [...a.map(removed), ...b.map(added)];
  }
  // common[i][j]: how many lines a[i..] and b[j..] can share.
  const common = Array.from(
    { length: a.length + 1 },
    () => new Uint32Array(b.length + 1),
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j]
        ? common[i + 1][j + 1] + 1
        : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const out: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(same(a[i++]));
      j++;
    } else if (
      j === b.length ||
      (i < a.length && common[i + 1][j] >= common[i][j + 1])
    ) {
      out.push(removed(a[i++]));
    } else {
      out.push(added(b[j++]));
    }
  }
  return out;
}

const same = (line: string) => `    ${line}`;
const removed = (line: string) => `-   ${line}`;
const added = (line: string) => `+   ${line}`;
