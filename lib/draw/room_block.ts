/** A namespace as a box of lines, for the terminal. */

import type { Canvas } from "./canvas.ts";
import { boxLabels } from "./graph.ts";
import { interfaceText, styleOf } from "./marks.ts";
import type { Cable, Figure, Interface, NamespaceBox } from "./model.ts";
import { interfaceRuns, labelRun, type Run, wrapped } from "./runs.ts";
import { type Area, frame } from "./strokes.ts";
import { columns } from "../cli/width.ts";
import type { Words } from "./words.ts";

/** What is in a box. */
export interface Block {
  /** The namespace. */
  box: NamespaceBox;
  /** Its lines, the frame's not included. */
  lines: Run[][];
  /** The first line is that of the interface whose cable is drawn. */
  hasSocket: boolean;
}

/** The lines of a room; `cable` is the one that is drawn. */
export function blockOf(
  box: NamespaceBox,
  figure: Figure,
  words: Words,
  width: number,
  cable?: Cable,
): Block {
  const drawn = (each: Cable) => each === cable;
  const first = box.ifaces.filter(({ id }) => cable?.ends.includes(id));
  const rest = box.ifaces.filter((link) =>
    !first.includes(link) && !isPlainLoopback(link)
  );
  const inner = width - 5;
  const entry = (link: Interface, depth: number): Run[][] => {
    const space = {
      text: " ".repeat(Math.max(0, 2 * depth - 2)),
      style: plain,
    };
    const own = wrapped(
      interfaceRuns(link, figure, words, drawn),
      inner - 2 * depth,
    ).map((line) => depth ? [space, ...line] : line);
    const ports = rest.filter(({ bridge }) => bridge === link.name);
    return [
      ...own,
      ...ports.flatMap((port) => depth < 4 ? entry(port, depth + 1) : []),
    ];
  };
  const isTop = ({ bridge }: Interface) =>
    !rest.some(({ name }) => name === bridge);
  return {
    box,
    lines: [
      ...first.flatMap((link) => entry(link, 0)),
      ...rest.filter(isTop).flatMap((link) => entry(link, 0)),
      ...boxLabels(box).flatMap((label) => wrapped([labelRun(label)], inner)),
    ],
    hasSocket: first.length > 0,
  };
}

const plain = (text: string) => text;

/** Of a loopback interface that is as usual, the title tells. */
function isPlainLoopback({ name, addresses }: Interface): boolean {
  return name === "lo" && addresses.length === 0;
}

/** How many rows a box takes. */
export function heightOf({ lines }: Block): number {
  return Math.max(lines.length, 1) + 2;
}

/** Draws a box with its upper left at a place. */
export function drawBlock(
  canvas: Canvas,
  [x, y, width]: [x: number, y: number, width: number],
  block: Block,
): void {
  const area: Area = [x, y, width, heightOf(block)];
  const { box, lines, hasSocket } = block;
  const lo = box.ifaces.find(isPlainLoopback);
  const text = lo ? ` ${interfaceText(lo)} ` : "";
  frame(canvas, area, box, box.name, width - 6 - columns(text));
  if (lo) canvas.text(x + width - columns(text) - 2, y, text, styleOf(lo));
  lines.forEach((line, i) => {
    const isSocket = hasSocket && i === 0;
    const added = isSocket && line[0].text.startsWith("+") ? 1 : 0;
    const left = isSocket ? x - added : x + 3;
    const end = drawRuns(canvas, left, y + 1 + i, line);
    if (isSocket) canvas.text(end, y + 1 + i, " ");
  });
}

/** Writes pieces from a place to the right; returns the free column. */
export function drawRuns(
  canvas: Canvas,
  x: number,
  y: number,
  runs: readonly Run[],
): number {
  let at = x;
  runs.forEach(({ text, style }, i) => {
    canvas.text(at, y, text, style);
    at += columns(text);
    if (i === runs.length - 1) return;
    canvas.text(at, y, "  ");
    at += 2;
  });
  return at;
}
