type Tree = Record<string, unknown>;

/** Finds the value at a dotted name, `a.b`; undefined if there is none. */
export function find(root: Tree, name: string): { value: unknown } | undefined {
  let value: unknown = root;
  for (const step of name.split(".")) {
    if (!isTree(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return { value };
}

/** Puts a value at a dotted name, making the objects on the way. */
export function put(root: Tree, name: string, value: unknown): void {
  const path = name.split(".");
  // `_` is the list of positionals, and an argument must not reach a prototype.
  if (path[0] === "_" || path.includes("__proto__")) return;
  const last = path.pop()!;
  let at = root;
  for (const step of path) {
    if (!isTree(at[step])) at[step] = {};
    at = at[step] as Tree;
  }
  at[last] = value;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}
