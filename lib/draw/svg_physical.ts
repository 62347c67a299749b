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
  paper: SvgSheet,
  figure: Figure,
  words: Words,
): void {
  const parts = partsOf(figure);
  parts.namespaces.forEach((room, i) =>
    drawServer(paper, room, CARD[i] - 160, words)
  );
  drawSwitch(paper, parts.bridge, words);
  parts.wires.slice(0, 2).forEach((wire, i) =>
    drawCable(paper, wire, CARD[i], PORT[i])
  );
  drawRouter(paper, parts, words);
  drawInternet(paper, CARD[2], parts, words);
}

function drawServer(
  paper: SvgSheet,
  room: NamespaceBox,
  left: number,
  words: Words,
) {
  const [top, bottom] = ROW.server;
  paper.box([left, top, 320, bottom - top], cssOf(room, "box room"), 5);
  for (const row of [0, 1, 2]) {
    const y = top + 18 + row * 16;
    paper.box([left + 232, y, 70, 11], cssOf(room, "bay"), 2);
    paper.path(`M${left + 240} ${y + 5.5}h34`, cssOf(room, "bay"));
  }
  paper.text(left + 18, top + 30, `${words.server} ${room.name}`, {
    css: cssOf(room, "title"),
    size: 18,
    max: 200,
  });
  for (const route of oneLabel(room.routes, 36)) {
    paper.text(left + 18, top + 78, [labelPiece(route)], { max: 284 });
  }
}

function drawSwitch(paper: SvgSheet, bridge: Interface, words: Words) {
  const [top, bottom] = ROW.switch;
  paper.box([60, top, 740, bottom - top], cssOf(bridge, "box switch"), 5);
  for (let x = PORT[0] - 32; x <= PORT[1] + 32; x += 32) {
    paper.box([x - 11, middle() - 8, 22, 16], cssOf(bridge, "bay"), 3);
  }
  const [name, ...note] = namePieces(bridge);
  const title = t`${bridge.added ? "+ " : ""}${words.switch} ${bridge.name}`;
  const pieces = [{ ...name, text: title }, ...note];
  paper.text(78, top + 28, pieces, { size: 16, max: 260 });
  for (const address of oneLabel(bridge.addresses, 20)) {
    paper.text(782, bottom - 16, [labelPiece(address)], {
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
  paper: SvgSheet,
  [x, y]: [number, number],
  [toX, toY]: [number, number],
  part: Part,
) {
  const half = (y + toY) / 2;
  const d = t`M${x} ${y}C${x} ${half} ${toX} ${half} ${toX} ${toY}`;
  paper.path(d, cssOf(part, "cable thick"));
  if (part.state === "down") paper.cross((x + toX) / 2, half);
}

/** A cable from a server, or from the desk, to the switch. */
function drawCable(
  paper: SvgSheet,
  it: CableEnds,
  card: number,
  port: number,
) {
  const from = it.isLoose ? ROW.loose[0] : ROW.server[1];
  const to = it.isPlugged ? middle() : ROW.loose[1];
  const toX = it.isPlugged ? port : card;
  hang(paper, [card, from], [toX, to], it.cable);
  socket(paper, card, from, it.far);
  socket(paper, toX, to, it.port);
  const far = withAddresses(it.far);
  if (it.isLoose) paper.text(card + 22, from + 5, far, { max: 190 });
  else paper.text(card, from - 20, far, { anchor: "middle", max: 300 });
  const name = namePieces(it.port);
  if (it.isPlugged) {
    paper.text(port, to + 32, name, { anchor: "middle", max: 150 });
  } else paper.text(card + 22, to + 5, name, { max: 190 });
}

function drawRouter(paper: SvgSheet, parts: Parts, words: Words) {
  const { pc, wires: [, , { far, port, isPlugged, cable }] } = parts;
  const [top, bottom] = ROW.router;
  const [x, portX] = [CARD[2], PORT[2]];
  paper.box([60, top, 740, bottom - top], cssOf(pc, "box pc"), 16);
  for (let slot = 0; slot < 9; slot++) {
    paper.path(`M${90 + slot * 18} ${bottom - 56}v30`, cssOf(pc, "bay"));
  }
  paper.text(82, top + 34, `${words.router} ${pc.name}`, {
    css: cssOf(pc, "title"),
    size: 18,
    max: 200,
  });
  const from = isPlugged ? middle() : ROW.looseBelow;
  const fromX = isPlugged ? portX : x;
  hang(paper, [fromX, from], [x, top], cable);
  drawPath(paper, x, top + 8, parts);
  socket(paper, fromX, from, port);
  socket(paper, x, top, far);
  const name = namePieces(port);
  if (isPlugged) {
    paper.text(portX, from - 20, name, { anchor: "middle", max: 150 });
  } else paper.text(x + 26, from + 5, name, { max: 400 });
  paper.text(x + 26, top + 24, withAddresses(far), { max: 440 });
}
