/** Any network in the terminal: each namespace as a tree of its interfaces. */

import { clip, interfaceText, labelText, oneLabel, styleOf } from "./marks.ts";
import {
  boxOf,
  type Cable,
  type Figure,
  type Interface,
  type Label,
  nameOf,
  type NamespaceBox,
} from "./model.ts";
import type { Words } from "./words.ts";

/** What a terminal is wide. */
const WIDTH = 79;

/** One line of a tree and what hangs below it. */
interface Branch {
  text: string;
  style: (text: string) => string;
  twigs: Branch[];
}

/** Draws every room, one below the other. */
export function treeLines(figure: Figure, words: Words): string[] {
  return figure.rooms.flatMap((room, i) => [
    ...i > 0 ? [""] : [],
    styleOf(room)(clip((room.added ? "+ " : "") + room.name, WIDTH)),
    ...branchLines(inRoom(room, figure, words), ""),
  ]);
}

function inRoom(room: NamespaceBox, figure: Figure, words: Words): Branch[] {
  const branch = (iface: Interface): Branch => ({
    text: describe(iface, figure, words),
    style: styleOf(iface),
    twigs: room.ifaces.filter(({ bridge }) => bridge === iface.name)
      .map(branch),
  });
  const texts: Label[] = [
    ...room.forwarding ? [room.forwarding] : [],
    ...room.routes,
    ...room.nat,
  ];
  const isTop = ({ bridge }: Interface) =>
    !room.ifaces.some(({ name }) => name === bridge);
  return [
    ...room.ifaces.filter(isTop).map(branch),
    ...texts.map((label) => ({
      text: labelText(label),
      style: styleOf(label),
      twigs: [],
    })),
  ];
}

/** An interface, its addresses, and where its cable leads. */
function describe(iface: Interface, figure: Figure, words: Words): string {
  const kind = iface.kind === "bridge" ? words.bridge : "";
  const addresses = oneLabel(iface.addresses, 40).map(labelText);
  const far = figure.cables.filter(({ ends }) => ends.includes(iface.id))
    .map((cable) => farEnd(cable, iface.id, figure));
  return [interfaceText(iface), kind, ...addresses, ...far].filter(Boolean)
    .join("  ");
}

function farEnd({ ends, state }: Cable, id: string, figure: Figure): string {
  const far = ends[0] === id ? ends[1] : ends[0];
  const line = state === "down" ? "─╳─" : "───";
  const room = (id: string) =>
    figure.rooms.find((room) => room.id === id)?.name;
  return far.includes("/")
    ? `${line} ${room(boxOf(far))}: ${nameOf(far)}`
    : `${line} ${room(far)}`;
}

function branchLines(branches: Branch[], indent: string): string[] {
  return branches.flatMap(({ text, style, twigs }, i) => {
    const isLast = i === branches.length - 1;
    const stem = indent + (isLast ? "└─ " : "├─ ");
    return [
      stem + style(clip(text, WIDTH - stem.length)),
      ...branchLines(twigs, indent + (isLast ? "   " : "│  ")),
    ];
  });
}
