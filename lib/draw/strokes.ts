/** What the pictures for the terminal are drawn with. */

import type { Canvas } from "./canvas.ts";
import {
  clip,
  interfaceText,
  labelText,
  oneLabel,
  penOf,
  styleOf,
} from "./marks.ts";
import type { Interface, Label, Part } from "./model.ts";
import { columns } from "../cli/width.ts";

/** Where something is and how large it is, in columns and rows. */
export type Area = [x: number, y: number, width: number, height: number];

/** A frame with a title at its upper left, of this many columns at most. */
export function frame(
  canvas: Canvas,
  [x, y, width, height]: Area,
  part: Part,
  title = "",
  most = width - 12,
): void {
  canvas.box(x, y, width, height, penOf(part), styleOf(part));
  if (title) canvas.text(x + 2, y, ` ${clip(title, most)} `, styleOf(part));
}

/**
 * Labels in one line of this many columns at most; what is new has its plus
 * to the left of its place.
 */
export function label(
  canvas: Canvas,
  [x, y]: [x: number, y: number],
  labels: readonly Label[],
  width: number,
): void {
  for (const one of oneLabel(labels, width)) {
    const text = labelText(one);
    canvas.text(one.added ? x - 2 : x, y, text, styleOf(one));
  }
}

/**
 * An interface in its place: its mark is at `x`, where its cable is. Returns
 * the column that is free after it.
 */
export function socket(
  canvas: Canvas,
  [x, y]: [x: number, y: number],
  link: Interface,
): number {
  const text = `${interfaceText(link)} `;
  const from = link.added ? x - 1 : x;
  canvas.text(from, y, text, styleOf(link));
  return from + columns(text);
}

/** A cable down, rows included; a cross is on one that carries nothing. */
export function cableLine(
  canvas: Canvas,
  x: number,
  [from, to]: [from: number, to: number],
  cable: Part,
): void {
  canvas.down(x, from, to, penOf(cable), styleOf(cable));
  if (cable.state !== "down" || to - from < 2) return;
  canvas.text(x, Math.ceil((from + to) / 2), "╳", styleOf(cable));
}
