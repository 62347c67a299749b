/** The figure in the terminal. Light to load: every stage ends with it. */

import type { Snapshot } from "../net/snapshot.ts";
import { toAscii } from "../cli/ascii.ts";
import { figure, type FigureOptions } from "./figure.ts";
import { legend } from "./marks.ts";
import type { Figure } from "./model.ts";
import { shown } from "./shown.ts";
import { labLines } from "./terminal_lab.ts";
import { boxLines, fitsBoxes } from "./terminal_boxes.ts";
import { treeLines } from "./terminal_tree.ts";
import { physicalLines } from "./terminal_physical.ts";
import { ENGLISH, type Words } from "./words.ts";

/** What the figure of the lab takes. A tree takes less. */
const LAB_WIDTH = 79;

/** How the figure is drawn in a terminal. */
export interface TerminalOptions {
  /** Without the characters that some terminals show double-width. */
  ascii?: boolean;
  /** As the hardware that the lab stands for. */
  physical?: boolean;
  /** How wide the terminal is. */
  columns?: number;
  /** The figure's own words. */
  words?: Words;
}

/**
 * The figure of a snapshot as lines for a terminal of 80 columns, coloured
 * where that shows it. What the facts in `added` speak of stands out.
 */
export function figureLines(
  snapshot: Snapshot,
  options: FigureOptions & TerminalOptions = {},
): string[] {
  return toLines(figure(snapshot, options), options);
}

/** The same from a figure. */
export function toLines(
  figure: Figure,
  {
    ascii = false,
    physical = false,
    words = ENGLISH,
    columns = 80,
  }: TerminalOptions = {},
): string[] {
  const draw = physical
    ? physicalLines
    : columns < LAB_WIDTH
    ? treeLines
    : figure.isLab
    ? labLines
    : fitsBoxes(figure)
    ? boxLines
    : treeLines;
  const safe = shown(figure);
  const lines = [...draw(safe, words), "", legend(safe, words)];
  return ascii ? lines.map(toAscii) : lines;
}
