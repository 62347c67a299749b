/** What is written on each part of a network that has no fixed picture. */

import { boxLabels, groups, kindText } from "./graph.ts";
import {
  type Figure,
  type Interface,
  MACHINE,
  type NamespaceBox,
} from "./model.ts";
import {
  cssOf,
  labelPiece,
  namePieces,
  type Piece,
  textWidth,
} from "./svg_sheet.ts";
import type { Words } from "./words.ts";

/** The height of a line of text, in pixels. */
export const LINE = 20;

/** A box with lines of text at its upper left. */
export interface Caption {
  /** The id of what it is for. */
  id: string;
  /** The CSS classes of the box. */
  css: string;
  /** The lines; the first is the title. */
  lines: Piece[][];
  /** The size of the title. */
  titleSize: number;
  /** The interface whose socket is before the title. */
  socket?: Interface;
}

/** The card of a room. Its loopback interface has no cable: it is a word. */
export function boxCaption(box: NamespaceBox, figure: Figure): Caption {
  const kind = box.id === figure.internet
    ? "box net"
    : box.id === MACHINE
    ? "box pc"
    : "box room";
  const lo = box.ifaces.filter(({ name }) => name === "lo");
  return {
    id: box.id,
    css: cssOf(box, kind),
    titleSize: 16,
    lines: [
      [
        { text: box.name, css: cssOf(box, "title") },
        ...lo.flatMap((link) => [
          ...namePieces(link),
          ...link.addresses.map(labelPiece),
        ]),
      ],
      ...boxLabels(box).map((label) => [labelPiece(label)]),
    ],
  };
}

/** The card of a bridge with ports, which are in it. */
export function bridgeCaption(bridge: Interface, words: Words): Caption {
  return {
    id: bridge.id,
    css: cssOf(bridge, "box switch"),
    titleSize: 16,
    lines: ifaceLines(bridge, words),
  };
}

/** The card of any other interface. */
export function interfaceCaption(link: Interface, words: Words): Caption {
  return {
    id: link.id,
    css: cssOf(link, "box paper"),
    titleSize: 14,
    lines: ifaceLines(link, words),
    socket: link,
  };
}

/** All cards of a figure; what is inside of another comes after it. */
export function allCaptions(figure: Figure, words: Words): Caption[] {
  return figure.rooms.flatMap((box) => {
    const { bridges, others } = groups(withoutLo(box));
    return [
      boxCaption(box, figure),
      ...bridges.flatMap(({ bridge, ports }) => [
        bridgeCaption(bridge, words),
        ...ports.map((port) => interfaceCaption(port, words)),
      ]),
      ...others.map((link) => interfaceCaption(link, words)),
    ];
  });
}

/** A room without its loopback interface. */
export function withoutLo(box: NamespaceBox): NamespaceBox {
  return { ...box, ifaces: box.ifaces.filter(({ name }) => name !== "lo") };
}

/** The space that a card's text takes at most, in pixels. */
export function captionSize({ lines, titleSize, socket }: Caption): {
  width: number;
  height: number;
} {
  const widths = lines.map((pieces, i) =>
    textWidth(
      pieces.map(({ text }) => text).join("  "),
      i === 0 ? titleSize : 14,
    )
  );
  return {
    width: Math.ceil(Math.max(...widths)) + (socket ? 48 : 28),
    height: LINE * lines.length + 18,
  };
}

function ifaceLines(link: Interface, words: Words): Piece[][] {
  const kind = [kindText(link, words), ...link.remarks ?? []]
    .filter(Boolean).map((text) => ({ text, css: "soft" }));
  const [name, ...note] = namePieces(link);
  return [
    [name, ...kind, ...note],
    ...link.addresses.map((label) => [labelPiece(label)]),
  ];
}
