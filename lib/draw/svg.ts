/** The figure as an SVG file that needs nothing else. */

import { description } from "./describe.ts";
import type { Figure, Part } from "./model.ts";
import { cssOf, Paper, textWidth } from "./paper.ts";
import { drawGeneral } from "./svg_general.ts";
import { drawLab } from "./svg_lab.ts";
import { SIZE } from "./svg_parts.ts";
import { drawPhysical } from "./svg_physical.ts";
import { ENGLISH, type Words } from "./words.ts";

/** How the picture is drawn. */
export interface SvgOptions {
  /** What the picture is called. */
  title: string;
  /** As the hardware that the lab stands for. */
  physical?: boolean;
  /** The figure's own words. */
  words?: Words;
}

/**
 * The picture of a figure. Throws a `Problem` if the network is not the lab's
 * and Graphviz, which lays out all others, is not to be had.
 */
export async function toSvg(
  figure: Figure,
  { title, physical = false, words = ENGLISH }: SvgOptions,
): Promise<string> {
  const paper = new Paper();
  const size = { ...SIZE };
  if (!figure.isLab) {
    const { width, height } = await drawGeneral(paper, figure, words, [20, 60]);
    size.width = Math.max(width + 40, 560);
    size.height = height + 110;
  } else if (physical) drawPhysical(paper, figure, words);
  else drawLab(paper, figure, words);
  paper.text(22, 38, title, { css: "title", size: 19, max: size.width - 44 });
  drawLegend(paper, size.height - 18, words);
  return paper.toString({
    ...size,
    title,
    description: description(figure, words),
  });
}

/** What the lines and sockets mean. */
export function drawLegend(paper: Paper, y: number, words: Words): void {
  const items: [string, string, Part][] = [
    ["cable", `+ ${words.isNew}`, { state: "up", added: true }],
    ["cable", words.notYet, { state: "ghost", added: false }],
    ["socket", words.down, { state: "down", added: false }],
    ["socket", words.up, { state: "up", added: false }],
  ];
  let x = 40;
  for (const [kind, text, part] of items) {
    if (kind === "cable") paper.path(`M${x} ${y - 4}h24`, cssOf(part, kind));
    else paper.box([x + 2, y - 12, 22, 16], cssOf(part, kind), 3);
    paper.text(x + 34, y, text, { css: "soft", size: 13, max: 150 });
    x += 64 + Math.min(textWidth(text, 13), 150);
  }
}
