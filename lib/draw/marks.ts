/** How a part's state looks in the terminal, with colour and without. */

import { bold, dim, green, type Style, yellow } from "../cli/terminal.ts";
import { DASHED, type Pen, THICK, THIN } from "./canvas.ts";
import { boxLabels } from "./graph.ts";
import {
  allInterfaces,
  type Figure,
  type Interface,
  type Label,
  type Part,
  type State,
} from "./model.ts";
import { columns } from "../cli/width.ts";
import type { Words } from "./words.ts";

const NEW: Style = (text) => bold(green(text));
const PLAIN: Style = (text) => text;

/** The colour of a part. */
export function styleOf({ state, added }: Part): Style {
  if (added) return NEW;
  return { ghost: dim, down: yellow, up: PLAIN }[state];
}

/** The line that a part is drawn with. */
export function penOf({ state, added }: Part): Pen {
  return added ? THICK : state === "ghost" ? DASHED : THIN;
}

/** What stands before an interface's name. */
function markOf({ state, added }: Part): string {
  return (added ? "+" : "") + { ghost: "·", down: "○", up: "●" }[state];
}

/** An interface with its mark, its name and what is wrong with it. */
export function interfaceText(link: Interface): string {
  return [markOf(link), link.name, link.note].filter(Boolean).join(" ");
}

/** A label: what is new has a plus before it. */
export function labelText({ text, added, state }: Label): string {
  return (added ? "+ " : state === "ghost" ? "· " : "") + text;
}

/**
 * Several labels as one that is not wider than this: the first, and how many
 * more there are, if they do not all fit. None if there is none.
 */
export function oneLabel(
  labels: readonly Label[],
  width: number,
): Label[] {
  if (labels.length === 0) return [];
  const [first] = labels;
  const all = labels.map(({ text }) => text).join(", ");
  const rest = labels.length > 1 ? ` +${labels.length - 1}` : "";
  const text = columns(all) <= width
    ? all
    : clip(first.text, width - columns(rest)) + rest;
  return [{ ...first, text, added: labels.some(({ added }) => added) }];
}

/** A text that takes this many columns at most. */
export function clip(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let short = "";
  for (const letter of text) {
    if (columns(short + letter) >= width) break;
    short += letter;
  }
  return `${short}…`;
}

/** The kinds of parts that a figure holds, of those that a legend explains. */
export function kindsIn(figure: Figure): Set<State | "new"> {
  const parts: Part[] = [
    ...figure.cables,
    ...allInterfaces(figure).flatMap((link) => [link, ...link.addresses]),
    ...figure.rooms.flatMap((box) => [box, ...boxLabels(box)]),
  ];
  return new Set(
    parts.flatMap(({ state, added }) => added ? [state, "new"] : [state]),
  );
}

/** What the marks mean that the figure holds. */
export function legend(figure: Figure, words: Words): string {
  const kinds = kindsIn(figure);
  return [
    kinds.has("new") ? NEW(`━ + ${words.isNew}`) : "",
    kinds.has("ghost") ? dim(`╌ · ${words.notYet}`) : "",
    kinds.has("down") ? yellow(`○ ${words.down}`) : "",
    kinds.has("up") ? `● ${words.up}` : "",
  ].filter(Boolean).join("   ");
}
