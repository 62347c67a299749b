/** The lab as an SVG picture: every part in its fixed place. */

import { oneLabel } from "./marks.ts";
import type { Figure, Interface, NamespaceBox } from "./model.ts";
import {
  cssOf,
  labelPiece,
  namePieces,
  type SvgSheet,
  textWidth,
} from "./svg_sheet.ts";
import { type CableEnds, type Parts, partsOf } from "./parts.ts";
import {
  cable,
  drawInternet,
  drawPath,
  socket,
  withAddresses,
} from "./svg_parts.ts";
import type { Words } from "./words.ts";

/** Where the cables to ns1, to ns2 and to the router are. */
const AT = [220, 640, 390];
/** Where each part begins and ends, from the top. */
const ROW = {
  room: [64, 176],
  pc: [206, 640],
  loose: [250, 296],
  bridge: [326, 418],
  looseBelow: 444,
  router: 488,
};

/** Draws the lab, its ghosts included. */
export function drawLab(paper: SvgSheet, figure: Figure, words: Words): void {
  const parts = partsOf(figure);
  const { pc, namespaces, bridge, wires } = parts;
  const [top, bottom] = ROW.pc;
  paper.box([20, top, 820, bottom - top], cssOf(pc, "box pc"), 14);
  title(paper, pc, 44, top + 30, 816);
  namespaces.forEach((room, i) => drawRoom(paper, room, AT[i]));
  drawBridge(paper, bridge, words);
  wires.slice(0, 2).forEach((wire, i) => drawWire(paper, wire, AT[i]));
  drawRouter(paper, parts);
  drawInternet(paper, AT[2], parts, words);
}

/** A room's name, and its loopback interface at the far side. */
function title(
  paper: SvgSheet,
  room: NamespaceBox,
  x: number,
  y: number,
  right: number,
) {
  paper.text(x, y, room.name, {
    css: cssOf(room, "title"),
    size: 18,
    max: 140,
  });
  for (const lo of room.ifaces.filter(({ name }) => name === "lo")) {
    const pieces = namePieces(lo);
    const text = pieces.map(({ text }) => text).join("  ");
    const width = Math.min(textWidth(text, 13), 100);
    paper.text(right, y - 1, pieces, { anchor: "end", size: 13, max: 100 });
    // Sockets have cables. What only talks to itself is round.
    paper.box([right - width - 15, y - 11, 10, 10], cssOf(lo, "socket"), 5);
  }
}

function drawRoom(paper: SvgSheet, room: NamespaceBox, middle: number) {
  const [top, bottom] = ROW.room;
  const left = middle - 180;
  paper.box([left, top, 360, bottom - top], cssOf(room, "box room"), 12);
  title(paper, room, left + 20, top + 30, left + 340);
  for (const route of oneLabel(room.routes, 36)) {
    paper.text(left + 20, top + 58, [labelPiece(route)], { max: 320 });
  }
}

function drawBridge(paper: SvgSheet, bridge: Interface, words: Words) {
  const [top, bottom] = ROW.bridge;
  paper.box([60, top, 740, bottom - top], cssOf(bridge, "box switch"), 8);
  const [name, ...note] = namePieces(bridge);
  const kind = {
    text: words.bridge,
    css: bridge.state === "ghost" ? "ghost" : "soft",
  };
  paper.text(80, bottom - 17, [name, kind, ...note], { size: 16, max: 210 });
  for (const address of oneLabel(bridge.addresses, 26)) {
    paper.text(780, bottom - 17, [labelPiece(address)], {
      anchor: "end",
      max: 300,
    });
  }
}

/** A cable from a namespace, or from the desk, down to the bridge. */
function drawWire(paper: SvgSheet, it: CableEnds, x: number) {
  const from = it.isLoose ? ROW.loose[0] : ROW.room[1];
  const to = it.isPlugged ? ROW.bridge[0] : ROW.loose[1];
  cable(paper, x, [from, to], it.cable);
  socket(paper, x, from, it.far);
  socket(paper, x, to, it.port);
  const far = withAddresses(it.far);
  if (it.isLoose) paper.text(x + 22, from + 5, far, { max: 174 });
  else paper.text(x, from - 20, far, { anchor: "middle", max: 330 });
  const port = namePieces(it.port);
  if (it.isPlugged) {
    paper.text(x, to + 27, port, { anchor: "middle", max: 240 });
  } else paper.text(x + 22, to + 5, port, { max: 174 });
}

/** The router: the machine itself, with a card on the bridge. */
function drawRouter(paper: SvgSheet, parts: Parts) {
  const { far, port, isPlugged, cable: it } = parts.wires[2];
  const [x, y] = [AT[2], ROW.router];
  const from = isPlugged ? ROW.bridge[1] : ROW.looseBelow;
  cable(paper, x, [from, y], it);
  drawPath(paper, x, y + 8, parts);
  socket(paper, x, from, port);
  socket(paper, x, y, far);
  const name = namePieces(port);
  if (isPlugged) paper.text(x, from - 17, name, { anchor: "middle", max: 160 });
  else paper.text(x + 26, from + 5, name, { max: 800 - x });
  paper.text(x + 26, y + 5, withAddresses(far), { max: 800 - x });
}
