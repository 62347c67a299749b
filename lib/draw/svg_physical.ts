/** The lab as the hardware that it stands for, as an SVG picture. */

import { oneLabel } from "./marks.ts";
import type { Figure, Interface, NamespaceBox, Part } from "./model.ts";
import { cssOf, labelPiece, namePieces, type SvgSheet } from "./svg_sheet.ts";
import { type CableEnds, type Parts, partsOf } from "./parts.ts";
import { drawInternet, drawPath, socket, withAddresses } from "./svg_parts.ts";
import type { Words } from "./words.ts";
import { t } from "../cli/translate.ts";

/** The cards of the servers, the sockets of the switch, the router's cards. */
const CARD = [220, 640, 330];
const PORT = [270, 590, 430];
/** Where each device begins and ends, from the top. */
const ROW = {
  server: [64, 190],
  loose: [222, 268],
  switch: [300, 396],
  looseBelow: 424,
  router: [474, 640],
};

/** Two servers, a switch, a router with two cards, and the cables. */
export function drawPhysical(
  sheet: SvgSheet,
  figure: Figure,
  words: Words,
): void {
  const parts = partsOf(figure);
  parts.namespaces.forEach((box, i) =>
    drawServer(sheet, box, CARD[i] - 160, words)
  );
  drawSwitch(sheet, parts.bridge, words);
  parts.wires.slice(0, 2).forEach((cable, i) =>
    drawCable(sheet, cable, CARD[i], PORT[i])
  );
  drawRouter(sheet, parts, words);
  drawInternet(sheet, CARD[2], parts, words);
}

function drawServer(
  sheet: SvgSheet,
  box: NamespaceBox,
  left: number,
  words: Words,
) {
  const [top, bottom] = ROW.server;
  sheet.box([left, top, 320, bottom - top], cssOf(box, "box room"), 5);
  for (const row of [0, 1, 2]) {
    const y = top + 18 + row * 16;
    sheet.box([left + 232, y, 70, 11], cssOf(box, "bay"), 2);
    sheet.path(`M${left + 240} ${y + 5.5}h34`, cssOf(box, "bay"));
  }
  sheet.text(left + 18, top + 30, `${words.server} ${box.name}`, {
    css: cssOf(box, "title"),
    size: 18,
    max: 200,
  });
  for (const route of oneLabel(box.routes, 36)) {
    sheet.text(left + 18, top + 78, [labelPiece(route)], { max: 284 });
  }
}

function drawSwitch(sheet: SvgSheet, bridge: Interface, words: Words) {
  const [top, bottom] = ROW.switch;
  sheet.box([60, top, 740, bottom - top], cssOf(bridge, "box switch"), 5);
  for (let x = PORT[0] - 32; x <= PORT[1] + 32; x += 32) {
    sheet.box([x - 11, middle() - 8, 22, 16], cssOf(bridge, "bay"), 3);
  }
  const [name, ...note] = namePieces(bridge);
  const title = t`${bridge.added ? "+ " : ""}${words.switch} ${bridge.name}`;
  const pieces = [{ ...name, text: title }, ...note];
  sheet.text(78, top + 28, pieces, { size: 16, max: 260 });
  for (const address of oneLabel(bridge.addresses, 20)) {
    sheet.text(782, bottom - 16, [labelPiece(address)], {
      anchor: "end",
      max: 150,
    });
  }
}

/** Where the switch has its sockets. */
function middle(): number {
  return (ROW.switch[0] + ROW.switch[1]) / 2;
}

/** A cable as it hangs; a cross is on one that carries nothing. */
function hang(
  sheet: SvgSheet,
  [x, y]: [number, number],
  [toX, toY]: [number, number],
  part: Part,
) {
  const half = (y + toY) / 2;
  const d = t`M${x} ${y}C${x} ${half} ${toX} ${half} ${toX} ${toY}`;
  sheet.path(d, cssOf(part, "cable thick"));
  if (part.state === "down") sheet.cross((x + toX) / 2, half);
}

/** A cable from a server, or from the desk, to the switch. */
function drawCable(
  sheet: SvgSheet,
  it: CableEnds,
  caption: number,
  port: number,
) {
  const from = it.isLoose ? ROW.loose[0] : ROW.server[1];
  const to = it.isPlugged ? middle() : ROW.loose[1];
  const toX = it.isPlugged ? port : caption;
  hang(sheet, [caption, from], [toX, to], it.cable);
  socket(sheet, caption, from, it.far);
  socket(sheet, toX, to, it.port);
  const far = withAddresses(it.far);
  if (it.isLoose) sheet.text(caption + 22, from + 5, far, { max: 190 });
  else sheet.text(caption, from - 20, far, { anchor: "middle", max: 300 });
  const name = namePieces(it.port);
  if (it.isPlugged) {
    sheet.text(port, to + 32, name, { anchor: "middle", max: 150 });
  } else sheet.text(caption + 22, to + 5, name, { max: 190 });
}

function drawRouter(sheet: SvgSheet, parts: Parts, words: Words) {
  const { pc, wires: [, , { far, port, isPlugged, cable }] } = parts;
  const [top, bottom] = ROW.router;
  const [x, portX] = [CARD[2], PORT[2]];
  sheet.box([60, top, 740, bottom - top], cssOf(pc, "box pc"), 16);
  for (let slot = 0; slot < 9; slot++) {
    sheet.path(`M${90 + slot * 18} ${bottom - 56}v30`, cssOf(pc, "bay"));
  }
  sheet.text(82, top + 34, `${words.router} ${pc.name}`, {
    css: cssOf(pc, "title"),
    size: 18,
    max: 200,
  });
  const from = isPlugged ? middle() : ROW.looseBelow;
  const fromX = isPlugged ? portX : x;
  hang(sheet, [fromX, from], [x, top], cable);
  drawPath(sheet, x, top + 8, parts);
  socket(sheet, fromX, from, port);
  socket(sheet, x, top, far);
  const name = namePieces(port);
  if (isPlugged) {
    sheet.text(portX, from - 20, name, { anchor: "middle", max: 150 });
  } else sheet.text(x + 26, from + 5, name, { max: 400 });
  sheet.text(x + 26, top + 24, withAddresses(far), { max: 440 });
}
