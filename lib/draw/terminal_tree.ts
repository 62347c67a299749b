/** Any network in the terminal: each namespace as a tree of its interfaces. */

import { clip, styleOf } from "./marks.ts";
import type { Figure, Interface, NamespaceBox } from "./model.ts";
import { interfaceRuns, labelRun, lineOf, type Run, wrapped } from "./runs.ts";
import { boxLabels } from "./graph.ts";
import type { Words } from "./words.ts";

/** What a terminal is wide. */
const WIDTH = 79;

/** One entry of a tree and what hangs below it. */
interface Branch {
  runs: Run[];
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
    runs: interfaceRuns(link, figure, words),
    twigs: box.ifaces.filter(({ bridge }) => bridge === link.name)
      .map(branch),
  });
  const isTop = ({ bridge }: Interface) =>
    !box.ifaces.some(({ name }) => name === bridge);
  return [
    ...box.ifaces.filter(isTop).map(branch),
    ...boxLabels(box).map((label) => ({ runs: [labelRun(label)], twigs: [] })),
  ];
}

function branchLines(branches: Branch[], indent: string): string[] {
  return branches.flatMap(({ runs, twigs }, i) => {
    const isLast = i === branches.length - 1;
    const stem = indent + (isLast ? "└─ " : "├─ ");
    const below = indent + (isLast ? "   " : "│  ");
    const room = WIDTH - stem.length;
    const [first = [], ...rest] = wrapped(runs, room - 3);
    return [
      stem + lineOf(first),
      ...rest.map((line) =>
        `${below}${twigs.length ? "│  " : "   "}${lineOf(line)}`
      ),
      ...branchLines(twigs, below),
    ];
  });
}
