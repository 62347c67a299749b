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
export function drawLab(sheet: SvgSheet, figure: Figure, words: Words): void {
  const parts = partsOf(figure);
  const { pc, namespaces, bridge, wires } = parts;
  const [top, bottom] = ROW.pc;
  sheet.box([20, top, 820, bottom - top], cssOf(pc, "box pc"), 14);
  title(sheet, pc, 44, top + 30, 816);
  namespaces.forEach((box, i) => drawRoom(sheet, box, AT[i]));
  drawBridge(sheet, bridge, words);
  wires.slice(0, 2).forEach((cable, i) => drawWire(sheet, cable, AT[i]));
  drawRouter(sheet, parts);
  drawInternet(sheet, AT[2], parts, words);
}

/** A room's name, and its loopback interface at the far side. */
function title(
  sheet: SvgSheet,
  box: NamespaceBox,
  x: number,
  y: number,
  right: number,
) {
  sheet.text(x, y, box.name, {
    css: cssOf(box, "title"),
    size: 18,
    max: 140,
  });
  for (const lo of box.ifaces.filter(({ name }) => name === "lo")) {
    const pieces = namePieces(lo);
    const text = pieces.map(({ text }) => text).join("  ");
    const width = Math.min(textWidth(text, 13), 100);
    sheet.text(right, y - 1, pieces, { anchor: "end", size: 13, max: 100 });
    // Sockets have cables. What only talks to itself is round.
    sheet.box([right - width - 15, y - 11, 10, 10], cssOf(lo, "socket"), 5);
  }
}

function drawRoom(sheet: SvgSheet, box: NamespaceBox, middle: number) {
  const [top, bottom] = ROW.room;
  const left = middle - 180;
  sheet.box([left, top, 360, bottom - top], cssOf(box, "box room"), 12);
  title(sheet, box, left + 20, top + 30, left + 340);
  for (const route of oneLabel(box.routes, 36)) {
    sheet.text(left + 20, top + 58, [labelPiece(route)], { max: 320 });
  }
}

function drawBridge(sheet: SvgSheet, bridge: Interface, words: Words) {
  const [top, bottom] = ROW.bridge;
  sheet.box([60, top, 740, bottom - top], cssOf(bridge, "box switch"), 8);
  const [name, ...note] = namePieces(bridge);
  const kind = {
    text: words.bridge,
    css: bridge.state === "ghost" ? "ghost" : "soft",
  };
  sheet.text(80, bottom - 17, [name, kind, ...note], { size: 16, max: 210 });
  for (const address of oneLabel(bridge.addresses, 26)) {
    sheet.text(780, bottom - 17, [labelPiece(address)], {
      anchor: "end",
      max: 300,
    });
  }
}

/** A cable from a namespace, or from the desk, down to the bridge. */
function drawWire(sheet: SvgSheet, it: CableEnds, x: number) {
  const from = it.isLoose ? ROW.loose[0] : ROW.room[1];
  const to = it.isPlugged ? ROW.bridge[0] : ROW.loose[1];
  cable(sheet, x, [from, to], it.cable);
  socket(sheet, x, from, it.far);
  socket(sheet, x, to, it.port);
  const far = withAddresses(it.far);
  if (it.isLoose) sheet.text(x + 22, from + 5, far, { max: 174 });
  else sheet.text(x, from - 20, far, { anchor: "middle", max: 330 });
  const port = namePieces(it.port);
  if (it.isPlugged) {
    sheet.text(x, to + 27, port, { anchor: "middle", max: 240 });
  } else sheet.text(x + 22, to + 5, port, { max: 174 });
}

/** The router: the machine itself, with a card on the bridge. */
function drawRouter(sheet: SvgSheet, parts: Parts) {
  const { far, port, isPlugged, cable: it } = parts.wires[2];
  const [x, y] = [AT[2], ROW.router];
  const from = isPlugged ? ROW.bridge[1] : ROW.looseBelow;
  cable(sheet, x, [from, y], it);
  drawPath(sheet, x, y + 8, parts);
  socket(sheet, x, from, port);
  socket(sheet, x, y, far);
  const name = namePieces(port);
  if (isPlugged) sheet.text(x, from - 17, name, { anchor: "middle", max: 160 });
  else sheet.text(x + 26, from + 5, name, { max: 800 - x });
  sheet.text(x + 26, y + 5, withAddresses(far), { max: 800 - x });
}
