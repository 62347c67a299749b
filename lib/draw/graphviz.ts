/**
 * Where Graphviz would put the parts of any figure. It is compiled to
 * WebAssembly, comes from npm, and is loaded only here.
 */

import { EXIT, Problem } from "../cli/problem.ts";
import { tell } from "../cli/terminal.ts";
import { type DotLook, toDot } from "./dot.ts";
import type { Figure } from "./model.ts";
import type { Words } from "./words.ts";
import { t } from "../cli/translate.ts";

/** The package. Deno would fetch it at every start if the import named it. */
export const GRAPHVIZ = "npm:@viz-js/viz@3.31.0";

/** A place and a size in pixels; y goes down. */
export interface Position {
  /** The left edge. */
  x: number;
  /** The upper edge. */
  y: number;
  /** The width. */
  width: number;
  /** The height. */
  height: number;
}

/** Where everything is. */
export interface Layout {
  /** The size of the whole. */
  width: number;
  /** The size of the whole. */
  height: number;
  /** The place of a room, a bridge or an interface, by its id. */
  places: Map<string, Position>;
  /** The path of each cable, as SVG's `d` has it, in the figure's order. */
  paths: string[];
  /** The middle of each cable. */
  middles: [number, number][];
}

/** What we use of the package. */
interface Viz {
  renderJSON(dot: string): Rendered;
}

/** What we use of Graphviz's JSON; places are in points, and y goes up. */
interface Rendered {
  bb: string;
  objects?: {
    name: string;
    bb?: string;
    pos?: string;
    width?: string;
    height?: string;
  }[];
  edges?: { pos: string }[];
}

/** Points in an inch. */
const INCH = 72;

/** Lays a figure out. Throws a {@linkcode Problem} if Graphviz is not to be had. */
export async function layOut(
  figure: Figure,
  words: Words,
  look: DotLook,
): Promise<Layout> {
  const viz = await load();
  // By number: what others named may mean something to Graphviz.
  const ids = figure.rooms.flatMap(({ id, ifaces: links }) => [
    id,
    ...links.map((link) => link.id),
  ]);
  const { bb, objects = [], edges = [] } = viz.renderJSON(
    toDot(figure, words, look, (id) => `${ids.indexOf(id)}`),
  );
  const idOf = (name: string) => ids[Number(name.replace(/^cluster /, ""))];
  const [, , width, height] = numbers(bb);
  const places = new Map<string, Position>();
  for (const each of objects) {
    if (each.bb) {
      const [left, low, right, high] = numbers(each.bb);
      places.set(idOf(each.name), {
        x: left,
        y: height - high,
        width: right - left,
        height: high - low,
      });
    } else if (each.pos) {
      const [x, y] = numbers(each.pos);
      const w = Number(each.width) * INCH;
      const h = Number(each.height) * INCH;
      const place = {
        x: x - w / 2,
        y: height - y - h / 2,
        width: w,
        height: h,
      };
      places.set(idOf(each.name), place);
    }
  }
  const curves = edges.map(({ pos }) =>
    pos.split(" ").map(numbers).map(([x, y]) =>
      [x, height - y] as [number, number]
    )
  );
  return {
    width,
    height,
    places,
    paths: curves.map(([start, ...rest]) => `M${start}C${rest.join(" ")}`),
    middles: curves.map(middle),
  };
}

async function load(): Promise<Viz> {
  const patience = setTimeout(
    () => tell(t`Fetching Graphviz from npm, once.`),
    1000,
  );
  try {
    return await (await import(GRAPHVIZ)).instance();
  } catch (error) {
    const [words] = (error as Error).message.split("\n");
    throw new Problem(
      t`Cannot lay this network out: ${words}.`,
      t`A network that is not the lab's takes Graphviz, once, from npm.\nWithout it: draw in the terminal, or as --mermaid or --dot.`,
      EXIT.blocked,
    );
  } finally {
    clearTimeout(patience);
  }
}

function numbers(text: string): number[] {
  return text.split(",").map(Number);
}

/** The middle of a chain of Bézier curves, near enough for a cross. */
function middle(points: [number, number][]): [number, number] {
  const curves = (points.length - 1) / 3;
  const at = Math.floor((curves - 1) / 2) * 3;
  const [a, b, c, d] = points.slice(at, at + 4);
  if (curves % 2 === 0) return d;
  const mix = (i: 0 | 1) => (a[i] + 3 * b[i] + 3 * c[i] + d[i]) / 8;
  return [mix(0), mix(1)];
}
