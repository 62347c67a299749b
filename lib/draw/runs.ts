/** Lines for the terminal, made of pieces that each have a style. */

import { dim, type Style } from "../cli/terminal.ts";
import { columns } from "../cli/width.ts";
import { kindText } from "./graph.ts";
import { clip, interfaceText, labelText, styleOf } from "./marks.ts";
import {
  boxOf,
  type Cable,
  type Figure,
  type Interface,
  type Label,
  nameOf,
} from "./model.ts";
import type { Words } from "./words.ts";

/** A piece of a line. */
export interface Run {
  /** The text. */
  text: string;
  /** Its style. */
  style: Style;
}

/** A label as a piece. */
export function labelRun(label: Label): Run {
  return {
    text: labelText(label),
    style: label.dim ? dim : styleOf(label),
  };
}

/**
 * An interface: its mark and name, kind and remarks, addresses, and where its
 * cables lead that are not drawn.
 */
export function interfaceRuns(
  link: Interface,
  figure: Figure,
  words: Words,
  isDrawn: (cable: Cable) => boolean = () => false,
): Run[] {
  const style = styleOf(link);
  const texts = [
    interfaceText(link),
    kindText(link, words),
    ...link.parent ? [`${words.on} ${placeOf(link.parent, link, figure)}`] : [],
    ...link.remarks ?? [],
  ].filter(Boolean);
  const far = figure.cables.filter((cable) =>
    cable.ends.includes(link.id) && !isDrawn(cable)
  ).map((cable) => farEnd(cable, link, figure));
  return [
    ...texts.map((text) => ({ text, style })),
    ...link.addresses.map(labelRun),
    ...far.map((text) => ({ text, style })),
  ];
}

/** An interface by its name, and by its room where that is another one. */
function placeOf(id: string, from: Interface, figure: Figure): string {
  const box = boxOf(id);
  return box === boxOf(from.id)
    ? nameOf(id)
    : `${figure.rooms.find((each) => each.id === box)?.name}: ${nameOf(id)}`;
}

function farEnd({ ends, state }: Cable, from: Interface, figure: Figure) {
  const far = ends[0] === from.id ? ends[1] : ends[0];
  const line = state === "down" ? "─╳─" : "───";
  const box = (id: string) => figure.rooms.find((box) => box.id === id)?.name;
  return far.includes("/")
    ? `${line} ${box(boxOf(far))}: ${nameOf(far)}`
    : `${line} ${box(far)}`;
}

/** Pieces in as many lines as they take, each of this width at most. */
export function wrapped(runs: readonly Run[], width: number): Run[][] {
  const lines: Run[][] = [];
  let room = 0;
  for (const run of runs.flatMap((each) => fitting(each, width))) {
    const needed = columns(run.text) + 2;
    if (needed > room || lines.length === 0) {
      lines.push([run]);
      room = width - needed + 2;
    } else lines[lines.length - 1].push(run);
    room -= lines[lines.length - 1].length > 1 ? needed : 0;
  }
  return lines;
}

/** A piece that is too long, at its spaces if it has any. */
function fitting({ text, style }: Run, width: number): Run[] {
  if (columns(text) <= width) return [{ text, style }];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && columns(`${last} ${word}`) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(clip(word, width));
  }
  return lines.map((text) => ({ text, style }));
}

/** A line of pieces as text. */
export function lineOf(runs: readonly Run[]): string {
  return runs.map(({ text, style }) => style(text)).join("  ");
}
