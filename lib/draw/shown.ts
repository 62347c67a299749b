/** A figure as it may be shown. */

import { printable } from "../cli/printable.ts";
import type { Figure } from "./model.ts";

/**
 * The same figure, with all that others named made fit to be printed: every
 * renderer for people begins with it. JSON keeps the true names.
 */
export function shown(figure: Figure): Figure {
  return inAll(figure) as Figure;
}

function inAll(value: unknown): unknown {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(inAll);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, inAll(each)]),
  );
}
