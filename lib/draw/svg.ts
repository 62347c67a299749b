/** The figure as an SVG file that needs nothing else. */

import { description } from "./describe.ts";
import type { Figure, Part } from "./model.ts";
import { cssOf, Paper, textWidth } from "./paper.ts";
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

/** The picture of the lab in its fixed places. */
export function toSvg(
  figure: Figure,
  { title, physical = false, words = ENGLISH }: SvgOptions,
): string {
  const paper = new Paper();
  paper.text(22, 38, title, { css: "title", size: 19, max: SIZE.width - 44 });
  const draw = physical ? drawPhysical : drawLab;
  draw(paper, figure, words);
  drawLegend(paper, SIZE.height - 18, words);
  return paper.toString({
    ...SIZE,
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
