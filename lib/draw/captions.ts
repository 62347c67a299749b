/** What is written on each part of a network that has no fixed picture. */

import { boxLabels, groups } from "./graph.ts";
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
export function boxCaption(room: NamespaceBox, figure: Figure): Caption {
  const kind = room.id === figure.internet
    ? "box net"
    : room.id === MACHINE
    ? "box pc"
    : "box room";
  const lo = room.ifaces.filter(({ name }) => name === "lo");
  return {
    id: room.id,
    css: cssOf(room, kind),
    titleSize: 16,
    lines: [
      [
        { text: room.name, css: cssOf(room, "title") },
        ...lo.flatMap((iface) => [
          ...namePieces(iface),
          ...iface.addresses.map(labelPiece),
        ]),
      ],
      ...boxLabels(room).map((label) => [labelPiece(label)]),
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
export function interfaceCaption(iface: Interface, words: Words): Caption {
  return {
    id: iface.id,
    css: cssOf(iface, "box paper"),
    titleSize: 14,
    lines: ifaceLines(iface, words),
    socket: iface,
  };
}

/** All cards of a figure; what is inside of another comes after it. */
export function allCaptions(figure: Figure, words: Words): Caption[] {
  return figure.rooms.flatMap((room) => {
    const { bridges, others } = groups(withoutLo(room));
    return [
      boxCaption(room, figure),
      ...bridges.flatMap(({ bridge, ports }) => [
        bridgeCaption(bridge, words),
        ...ports.map((port) => interfaceCaption(port, words)),
      ]),
      ...others.map((iface) => interfaceCaption(iface, words)),
    ];
  });
}

/** A room without its loopback interface. */
export function withoutLo(room: NamespaceBox): NamespaceBox {
  return { ...room, ifaces: room.ifaces.filter(({ name }) => name !== "lo") };
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

function ifaceLines(iface: Interface, words: Words): Piece[][] {
  const kind = iface.kind === "bridge"
    ? [{ text: words.bridge, css: "soft" }]
    : [];
  const [name, ...note] = namePieces(iface);
  return [
    [name, ...kind, ...note],
    ...iface.addresses.map((label) => [labelPiece(label)]),
  ];
}
