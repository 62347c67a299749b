/** Any network as an SVG picture, laid out by Graphviz. */

import {
  allCaptions,
  boxCaption,
  bridgeCaption,
  type Caption,
  captionSize,
  interfaceCaption,
  LINE,
  withoutLo,
} from "./captions.ts";
import type { Attributes, DotLook } from "./dot.ts";
import { layOut, type Position } from "./graphviz.ts";
import type { Figure } from "./model.ts";
import { cssOf, type SvgSheet } from "./svg_sheet.ts";
import type { Words } from "./words.ts";

/** Points in an inch. */
const INCH = 72;

/**
 * Draws the picture with its upper left at a place and returns its size.
 * Throws a `Problem` if Graphviz is not to be had.
 */
export async function drawGeneral(
  sheet: SvgSheet,
  figure: Figure,
  words: Words,
  [left, top]: [number, number],
): Promise<{ width: number; height: number }> {
  const bare = { ...figure, rooms: figure.rooms.map(withoutLo) };
  const layout = await layOut(bare, words, look(figure, words));
  const cards = allCaptions(figure, words)
    .map((caption) => ({
      card: caption,
      place: layout.places.get(caption.id)!,
    }));
  sheet.inside([left, top], () => {
    // Boxes lie below the cables, and texts above them.
    cards.filter(({ card: caption }) => !caption.socket).forEach(drawBox);
    figure.cables.forEach((cable, i) => {
      sheet.path(layout.paths[i], cssOf(cable, "cable"));
      if (cable.state === "down") sheet.cross(...layout.middles[i]);
    });
    layout.paths.slice(figure.cables.length)
      .forEach((path) => sheet.path(path, "cable ghost"));
    cards.filter(({ card: caption }) => caption.socket).forEach(drawBox);
    cards.forEach(drawLines);
  });
  return { width: layout.width, height: layout.height };

  function drawBox(
    { card: caption, place }: { card: Caption; place: Position },
  ) {
    const { x, y, width, height } = place;
    sheet.box([x, y, width, height], caption.css, caption.socket ? 6 : 10);
    if (!caption.socket) return;
    sheet.box([x + 10, y + 13, 14, 12], cssOf(caption.socket, "socket"), 3);
  }

  function drawLines(
    { card: caption, place }: { card: Caption; place: Position },
  ) {
    const indent = caption.socket ? 34 : 14;
    caption.lines.forEach((line, i) =>
      sheet.text(place.x + indent, place.y + 24 + LINE * i, line, {
        css: "over",
        size: i === 0 ? caption.titleSize : 14,
        max: place.width - indent - 8,
      })
    );
  }
}

/** Tells Graphviz how much space each part takes. */
function look(figure: Figure, words: Words): DotLook {
  return {
    // From left to right: names are wide, and cables go along them.
    graph: { rankdir: "LR", nodesep: "0.25", ranksep: "1" },
    room: (box) => {
      const full = figure.rooms.find(({ id }) => id === box.id)!;
      const caption = boxCaption(full, figure);
      return box.ifaces.length ? cluster(caption) : node(caption);
    },
    bridge: (bridge) => cluster(bridgeCaption(bridge, words)),
    iface: (link) => node(interfaceCaption(link, words)),
  };
}

/** A box with other parts in it: its text is an empty cell of that size. */
function cluster(caption: Caption): Attributes {
  const { width, height } = captionSize(caption);
  const cell = `<td fixedsize="true" width="${width}" height="${height}"></td>`;
  return {
    margin: "14",
    labeljust: "l",
    label:
      `<<table border="0" cellborder="0" cellpadding="0" cellspacing="0"><tr>${cell}</tr></table>>`,
  };
}

function node(caption: Caption): Attributes {
  const { width, height } = captionSize(caption);
  return {
    label: '""',
    fixedsize: "true",
    width: (width / INCH).toFixed(4),
    height: (height / INCH).toFixed(4),
  };
}
