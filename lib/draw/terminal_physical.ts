/** The lab as the hardware that it stands for, in the terminal. */

import { Canvas } from "./canvas.ts";
import { labelText, oneLabel, styleOf } from "./marks.ts";
import type { Figure, Interface } from "./model.ts";
import { type CableEnds, type Parts, partsOf } from "./parts.ts";
import { cableLine, frame, label, socket } from "./strokes.ts";
import { drawInternet, drawPath, routerTexts } from "./terminal_lab.ts";
import { columns } from "../cli/width.ts";
import type { Words } from "./words.ts";

/** The columns of the cables to ns1, to ns2 and to the router. */
const AT = [12, 51, 30];
/** Where each device begins, and where the servers end. */
const ROW = { server: 0, desk: 4, switch: 7, router: 12 };
/** Columns. */
const WIDTH = { server: 35, switch: 73, router: 70 };

/** Two servers, a switch, a router with two cards, and the cables. */
export function physicalLines(figure: Figure, words: Words): string[] {
  const canvas = new Canvas();
  const parts = partsOf(figure);
  const { namespaces, bridge, wires } = parts;
  namespaces.forEach((box, i) => {
    const x = AT[i] - 10;
    const [y, width] = [ROW.server, WIDTH.server];
    frame(canvas, [x, y, width, 4], box, `${words.server} ${box.name}`);
    canvas.text(x + width - 6, y + 1, "≡≡≡", styleOf(box));
    canvas.text(x + width - 6, y + 2, "≡≡≡", styleOf(box));
    label(canvas, [x + 3, y + 1], box.routes, width - 10);
  });
  const title = `${words.switch} ${bridge.name} ${bridge.note}`.trim();
  frame(canvas, [3, ROW.switch, WIDTH.switch, 3], bridge);
  canvas.text(6, ROW.switch + 1, title, styleOf(bridge));
  canvas.text(60, ROW.switch + 1, "▪▪▪▪ ▪▪▪▪", styleOf(bridge));
  label(
    canvas,
    [9 + columns(title), ROW.switch + 1],
    bridge.addresses,
    30,
  );
  wires.slice(0, 2).forEach((it, i) => drawCable(canvas, it, AT[i]));
  drawRouter(canvas, parts, words);
  return canvas.lines();
}

/** A card or a socket of a device, in brackets; a loose end has none. */
function card(canvas: Canvas, x: number, y: number, link: Interface): number {
  const end = socket(canvas, [x, y], link);
  canvas.text(link.added ? x - 2 : x - 1, y, "[", styleOf(link));
  canvas.text(end - 1, y, "]", styleOf(link));
  return end;
}

/** A cable from a server, or from the desk, to the switch. */
function drawCable(canvas: Canvas, it: CableEnds, x: number) {
  const from = it.isLoose ? ROW.desk : ROW.desk - 1;
  const to = it.isPlugged ? ROW.switch : ROW.switch - 1;
  cableLine(canvas, x, [from + 1, to - 1], it.cable);
  if (it.isPlugged) card(canvas, x, to, it.port);
  else socket(canvas, [x, to], it.port);
  if (it.isLoose) socket(canvas, [x, from], it.far);
  else card(canvas, x, from, it.far);
  if (it.isLoose) return;
  label(canvas, [x - 7, from - 1], it.far.addresses, WIDTH.server - 12);
}

function drawRouter(canvas: Canvas, parts: Parts, words: Words) {
  const { pc, uplink, wires: [, , { far, port, isPlugged, cable }] } = parts;
  const [x, y] = [AT[2], ROW.router];
  const texts = routerTexts(pc);
  const bottom = y + texts.length + 1;
  const left = 10;
  frame(
    canvas,
    [left, y, WIDTH.router, texts.length + 2],
    pc,
    `${words.router} ${pc.name}`,
    13,
  );
  const from = isPlugged ? ROW.switch + 2 : ROW.switch + 3;
  cableLine(canvas, x, [from + 1, y - 1], cable);
  if (isPlugged) card(canvas, x, from, port);
  else socket(canvas, [x, from], port);
  for (const [link, row] of [[far, y], [uplink, bottom]] as const) {
    const end = card(canvas, x, row, link);
    for (const it of oneLabel(link.addresses, 26)) {
      canvas.text(end, row, ` ${labelText(it)} `, styleOf(it));
    }
  }
  drawPath(canvas, x, [y + 1, bottom - 1], pc, texts);
  drawInternet(canvas, parts, bottom, words);
}
