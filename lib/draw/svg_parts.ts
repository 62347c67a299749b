/** What the lab's two SVG pictures have in common. */

import { clip, oneLabel } from "./marks.ts";
import {
  type Interface,
  INTERNET,
  type Label,
  type NamespaceBox,
  type Part,
} from "./model.ts";
import {
  cssOf,
  labelPiece,
  namePieces,
  type Piece,
  type SvgSheet,
} from "./svg_sheet.ts";
import type { Parts } from "./parts.ts";
import type { Words } from "./words.ts";

/** The size of both pictures. */
export const SIZE = { width: 860, height: 790 };
/** Where what is beside the router's line begins. */
const TEXTS = { y: 526, step: 25, most: 4 };
/** Where the uplink leaves the machine, and where it arrives. */
const UPLINK = { y: 640, internet: 684 };

/** The socket of an interface, where its cable is. */
export function socket(
  sheet: SvgSheet,
  x: number,
  y: number,
  link: Interface,
): void {
  sheet.box([x - 11, y - 8, 22, 16], cssOf(link, "socket"), 3);
}

/** A straight cable down; a cross is on one that carries nothing. */
export function cable(
  sheet: SvgSheet,
  x: number,
  [from, to]: [number, number],
  part: Part,
): void {
  sheet.path(`M${x} ${from}V${to}`, cssOf(part, "cable"));
  if (part.state === "down") sheet.cross(x, (from + to) / 2);
}

/** An interface's name and addresses in one line. */
export function withAddresses(link: Interface): Piece[] {
  const addresses = oneLabel(link.addresses, 26);
  return [...namePieces(link), ...addresses.map(labelPiece)];
}

/**
 * The way of a packet through the machine, from below the router's card to the
 * uplink, with what is done to it there.
 */
export function drawPath(
  sheet: SvgSheet,
  x: number,
  from: number,
  { pc, uplink }: Parts,
): void {
  const { forwarding } = pc;
  const isOn = forwarding?.state === "up";
  const way: Part = isOn ? forwarding : { state: "ghost", added: false };
  sheet.path(`M${x} ${from}V${UPLINK.y}`, cssOf(way, "cable"));
  routerTexts(pc).forEach((label, i) => {
    const y = TEXTS.y + TEXTS.step * i;
    if (label.state === "down") sheet.cross(x, y - 5);
    sheet.text(x + 26, y, [labelPiece(label)], { max: 800 - x });
  });
  socket(sheet, x, UPLINK.y, uplink);
  const label = withAddresses(uplink);
  sheet.text(x + 26, UPLINK.y - 18, label, { max: 800 - x });
}

/** Forwarding, routes and NAT, in the order in which a packet meets them. */
function routerTexts(pc: NamespaceBox): Label[] {
  const labels = [
    ...pc.forwarding ? [pc.forwarding] : [],
    ...oneLabel(pc.routes, 50),
    ...pc.nat,
  ].map((label) => ({ ...label, text: clip(label.text, 64) }));
  if (labels.length <= TEXTS.most) return labels;
  const rest = labels.splice(TEXTS.most - 1);
  return [...labels, ...oneLabel(rest, 64)];
}

/** The other end of the uplink. Of the real internet we see nothing. */
export function drawInternet(
  sheet: SvgSheet,
  x: number,
  { internet, uplinkCable }: Parts,
  words: Words,
): void {
  const y = UPLINK.internet;
  cable(sheet, x, [UPLINK.y + 8, y], uplinkCable);
  sheet.box([230, y, 400, 60], cssOf(internet, "box net"), 30);
  const { id, name, ifaces: links } = internet;
  const lo = links.find(({ name }) => name === "lo");
  const title = id === INTERNET ? name : `${name} (${words.internet})`;
  sheet.text(430, y + 37, [
    { text: title, css: cssOf(internet, "title") },
    ...oneLabel(lo?.addresses ?? [], 20).map(labelPiece),
  ], { anchor: "middle", max: 360 });
  for (const link of links.filter((link) => link !== lo)) {
    socket(sheet, x, y, link);
    sheet.text(x + 26, y - 13, withAddresses(link), { max: 800 - x });
  }
}
