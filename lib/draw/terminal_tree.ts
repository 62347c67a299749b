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
  return figure.rooms.flatMap((box, i) => [
    ...i > 0 ? [""] : [],
    styleOf(box)(clip((box.added ? "+ " : "") + box.name, WIDTH)),
    ...branchLines(inRoom(box, figure, words), ""),
  ]);
}

function inRoom(box: NamespaceBox, figure: Figure, words: Words): Branch[] {
  const branch = (link: Interface): Branch => ({
    text: describe(link, figure, words),
    style: styleOf(link),
    twigs: box.ifaces.filter(({ bridge }) => bridge === link.name)
      .map(branch),
  });
  const texts: Label[] = [
    ...box.forwarding ? [box.forwarding] : [],
    ...box.routes,
    ...box.nat,
  ];
  const isTop = ({ bridge }: Interface) =>
    !box.ifaces.some(({ name }) => name === bridge);
  return [
    ...box.ifaces.filter(isTop).map(branch),
    ...texts.map((label) => ({
      text: labelText(label),
      style: styleOf(label),
      twigs: [],
    })),
  ];
}

/** An interface, its addresses, and where its cable leads. */
function describe(link: Interface, figure: Figure, words: Words): string {
  const kind = link.kind === "bridge" ? words.bridge : "";
  const addresses = oneLabel(link.addresses, 40).map(labelText);
  const far = figure.cables.filter(({ ends }) => ends.includes(link.id))
    .map((cable) => farEnd(cable, link.id, figure));
  return [interfaceText(link), kind, ...addresses, ...far].filter(Boolean)
    .join("  ");
}

function farEnd({ ends, state }: Cable, id: string, figure: Figure): string {
  const far = ends[0] === id ? ends[1] : ends[0];
  const line = state === "down" ? "─╳─" : "───";
  const box = (id: string) => figure.rooms.find((box) => box.id === id)?.name;
  return far.includes("/")
    ? `${line} ${box(boxOf(far))}: ${nameOf(far)}`
    : `${line} ${box(far)}`;
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
