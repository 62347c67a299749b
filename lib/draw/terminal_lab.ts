/** The lab in the terminal: 79 columns, every part in its fixed place. */

import { Canvas } from "./canvas.ts";
import { clip, interfaceText, oneLabel, penOf, styleOf } from "./marks.ts";
import {
  type Figure,
  INTERNET,
  type Label,
  type NamespaceBox,
  type Part,
} from "./model.ts";
import { type CableEnds, type Parts, partsOf } from "./parts.ts";
import { cableLine, frame, label, socket } from "./strokes.ts";
import { columns } from "../cli/width.ts";
import type { Words } from "./words.ts";

/** The columns of the cables to ns1, to ns2 and to the router. */
const AT = [12, 51, 30];
/** Where each part begins. */
const ROW = { room: 0, pc: 4, bridge: 8, router: 13 };
/** Columns. */
const WIDTH = { room: 35, bridge: 73, pc: 79, texts: 44, internet: 46 };

/** Draws the lab, its ghosts included. */
export function labLines(figure: Figure, words: Words): string[] {
  const canvas = new Canvas();
  const parts = partsOf(figure);
  const { pc, namespaces, bridge, wires } = parts;
  const texts = routerTexts(pc);
  const bottom = ROW.router + texts.length + 1;
  frame(canvas, [0, ROW.pc, WIDTH.pc, bottom - ROW.pc + 1], pc, pc.name, 7);
  loopback(canvas, pc, WIDTH.pc, ROW.pc);
  namespaces.forEach((box, i) => {
    const x = AT[i] - 10;
    frame(canvas, [x, ROW.room, WIDTH.room, 4], box, box.name);
    loopback(canvas, box, x + WIDTH.room, ROW.room);
    label(canvas, [x + 3, ROW.room + 1], box.routes, WIDTH.room - 6);
  });
  frame(canvas, [3, ROW.bridge, WIDTH.bridge, 3], bridge);
  const beside = socket(canvas, [6, ROW.bridge + 1], bridge) + 3;
  label(canvas, [beside, ROW.bridge + 1], bridge.addresses, 40);
  wires.slice(0, 2).forEach((it, i) => drawWire(canvas, it, AT[i]));
  drawRouter(canvas, parts, texts);
  drawInternet(canvas, parts, bottom, words);
  return canvas.lines();
}

/** The loopback interface, at the right of its room's title. */
function loopback(
  canvas: Canvas,
  box: NamespaceBox,
  right: number,
  y: number,
) {
  for (const lo of box.ifaces.filter(({ name }) => name === "lo")) {
    const text = ` ${interfaceText(lo)} `;
    canvas.text(right - columns(text) - 2, y, text, styleOf(lo));
  }
}

/** A cable from a namespace, or from the desk, down to the bridge. */
function drawWire(canvas: Canvas, it: CableEnds, x: number) {
  const from = it.isLoose ? ROW.pc + 1 : ROW.pc - 1;
  const to = it.isPlugged ? ROW.bridge : ROW.bridge - 1;
  cableLine(canvas, x, [from + 1, to - 1], it.cable);
  const beside = socket(canvas, [x, from], it.far) + 3;
  socket(canvas, [x, to], it.port);
  const place: [number, number] = it.isLoose
    ? [beside, from]
    : [x - 7, from - 1];
  label(canvas, place, it.far.addresses, WIDTH.room - 6);
}

/** What stands beside the line from the router's card to the uplink. */
export function routerTexts(pc: NamespaceBox): Label[] {
  return [
    ...pc.forwarding ? [pc.forwarding] : [],
    ...oneLabel(pc.routes, WIDTH.texts),
    ...pc.nat,
  ].map((label) => ({ ...label, text: clip(label.text, WIDTH.texts) }));
}

function drawRouter(
  canvas: Canvas,
  { pc, wires: [, , { far, port, isPlugged, cable }], uplink }: Parts,
  texts: readonly Label[],
) {
  const [x, y] = [AT[2], ROW.router];
  const from = isPlugged ? ROW.bridge + 2 : ROW.bridge + 3;
  cableLine(canvas, x, [from + 1, y - 1], cable);
  socket(canvas, [x, from], port);
  const beside = socket(canvas, [x, y], far) + 3;
  label(canvas, [beside, y], far.addresses, 26);
  const bottom = y + texts.length + 1;
  drawPath(canvas, x, [y + 1, bottom - 1], pc, texts);
  const end = socket(canvas, [x, bottom], uplink);
  for (const it of oneLabel(uplink.addresses, 26)) {
    canvas.text(end, bottom, ` ${it.text} `, styleOf(it));
  }
}

/** The way of a packet through the machine, and what is done to it there. */
export function drawPath(
  canvas: Canvas,
  x: number,
  [from, to]: [number, number],
  { forwarding }: NamespaceBox,
  texts: readonly Label[],
): void {
  const isOn = forwarding?.state === "up";
  const way: Part = isOn ? forwarding : { state: "ghost", added: false };
  canvas.down(x, from, to, penOf(way), styleOf(way));
  texts.forEach((text, i) => {
    if (text.state === "down") canvas.text(x, from + i, "╳", styleOf(text));
    label(canvas, [x + 4, from + i], [text], WIDTH.texts);
  });
}

/** The other end of the uplink. Of the real internet we see nothing. */
export function drawInternet(
  canvas: Canvas,
  { internet, uplinkCable }: Parts,
  bottom: number,
  words: Words,
): void {
  const [x, y] = [AT[2], bottom + 2];
  canvas.down(x, bottom + 1, y - 1, penOf(uplinkCable), styleOf(uplinkCable));
  const left = x - 14;
  frame(canvas, [left, y, WIDTH.internet, 3], internet);
  const title = internet.id === INTERNET
    ? internet.name
    : `${internet.name} (${words.internet})`;
  canvas.text(left + 3, y + 1, title, styleOf(internet));
  for (const link of internet.ifaces) {
    const [beside, row] = link.name === "lo"
      ? [left + 5 + columns(title), y + 1]
      : [socket(canvas, [x, y], link), y];
    for (const it of oneLabel(link.addresses, 18)) {
      canvas.text(beside, row, ` ${it.text} `, styleOf(it));
    }
  }
}
