/** The figure as an SVG file that needs nothing else. */

import { description } from "./describe.ts";
import { kindsIn } from "./marks.ts";
import type { Figure } from "./model.ts";
import { SvgSheet, textWidth } from "./svg_sheet.ts";
import { drawGeneral } from "./svg_general.ts";
import { drawLab } from "./svg_lab.ts";
import { shown } from "./shown.ts";
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
  drawn: Figure,
  { title, physical = false, words = ENGLISH }: SvgOptions,
): Promise<string> {
  const figure = shown(drawn);
  const sheet = new SvgSheet();
  const size = { ...SIZE };
  if (!figure.isLab) {
    const { width, height } = await drawGeneral(sheet, figure, words, [20, 60]);
    size.width = Math.max(width + 40, 560);
    size.height = height + 110;
  } else if (physical) drawPhysical(sheet, figure, words);
  else drawLab(sheet, figure, words);
  sheet.text(22, 38, title, { css: "title", size: 19, max: size.width - 44 });
  drawLegend(sheet, size.height - 18, figure, words);
  return sheet.toString({
    ...size,
    title,
    description: description(figure, words),
  });
}

/** What the lines and sockets mean that the figure holds. */
function drawLegend(sheet: SvgSheet, y: number, figure: Figure, words: Words) {
  const kinds = kindsIn(figure);
  const items = [
    { kind: "new", line: "cable up new", text: `+ ${words.isNew}` },
    { kind: "ghost", line: "cable ghost", text: words.notYet },
    { kind: "down", line: "socket down", text: words.down },
    { kind: "up", line: "socket up", text: words.up },
  ] as const;
  let x = 40;
  for (const { kind, line, text } of items) {
    if (!kinds.has(kind)) continue;
    if (line.startsWith("cable")) sheet.path(`M${x} ${y - 4}h24`, line);
    else sheet.box([x + 2, y - 12, 22, 16], line, 3);
    sheet.text(x + 34, y, text, { css: "soft", size: 13, max: 150 });
    x += 64 + Math.min(textWidth(text, 13), 150);
  }
}
