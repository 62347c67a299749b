/**
 * The figure in the language of Graphviz, see
 * {@link https://graphviz.org/doc/info/lang.html its grammar}.
 */

import {
  boxLabels,
  groups,
  interfaceLines,
  kindText,
  outwards,
  standing,
} from "./graph.ts";
import type { Figure, Interface, NamespaceBox, Part } from "./model.ts";
import { shown } from "./shown.ts";
import type { Words } from "./words.ts";

/** Attributes of a node, an edge or a cluster; values are written as they are. */
export type Attributes = Record<string, string>;

/** How parts look. */
export interface DotLook {
  /** The whole graph. */
  graph: Attributes;
  /** A room: a cluster, or a node where nothing is in it. */
  room(box: NamespaceBox): Attributes;
  /** A bridge with its ports in it. */
  bridge(bridge: Interface): Attributes;
  /** An interface. */
  iface(link: Interface): Attributes;
}

/**
 * The figure as a graph of interfaces, in clusters.
 *
 * @param name what a part is called in the file, by its id.
 */
export function toDot(
  drawn: Figure,
  words: Words,
  look: DotLook = plainLook(words),
  name: (id: string) => string = (id) => id,
): string {
  const figure = shown(drawn);
  const lines = [
    "graph network {",
    `  graph${list(look.graph)}`,
    '  node [fontname=monospace, shape=box, style="rounded"]',
    ...figure.rooms.flatMap((box) => indent(roomLines(box, look, name))),
    ...figure.cables.map((cable) => {
      const [from, to] = outwards(cable, figure).map(name)
        .map(quote);
      return `  ${from} -- ${to}${list(stateOf(cable))}`;
    }),
    ...standing(figure).map((ids) => {
      const [from, to] = ids.map((id) => quote(name(id)));
      return `  ${from} -- ${to} [style=dotted]`;
    }),
    "}",
  ];
  return lines.join("\n") + "\n";
}

function roomLines(
  box: NamespaceBox,
  look: DotLook,
  name: (id: string) => string,
): string[] {
  const id = quote(name(box.id));
  if (box.ifaces.length === 0) return [id + list(look.room(box))];
  const { bridges, others } = groups(box);
  const node = (link: Interface) =>
    quote(name(link.id)) + list(look.iface(link));
  return cluster(name(box.id), look.room(box), [
    ...bridges.flatMap(({ bridge, ports }) =>
      cluster(name(bridge.id), look.bridge(bridge), ports.map(node))
    ),
    ...others.map(node),
  ]);
}

function cluster(id: string, attributes: Attributes, content: string[]) {
  return [
    `subgraph ${quote(`cluster ${id}`)} {`,
    ...indent(entries(attributes)),
    ...indent(content),
    "}",
  ];
}

function plainLook(words: Words): DotLook {
  const label = (lines: string[]) => quote(lines.join("\n"));
  return {
    graph: { fontname: "monospace", nodesep: "0.4", ranksep: "0.5" },
    room: (box) => ({
      label: label([box.name, ...boxLabels(box).map(({ text }) => text)]),
      ...stateOf(box),
    }),
    bridge: (bridge) => {
      const [name, ...rest] = interfaceLines(bridge, words);
      return {
        label: label([`${kindText(bridge, words)} ${name}`, ...rest]),
        ...stateOf(bridge),
      };
    },
    iface: (link) => ({
      label: label(interfaceLines(link, words)),
      ...stateOf(link),
    }),
  };
}

function stateOf({ state, added }: Part): Attributes {
  return {
    ...state === "ghost"
      ? { style: "dashed", color: "gray50", fontcolor: "gray50" }
      : {},
    ...state === "down" ? { color: "orangered3" } : {},
    ...added ? { penwidth: "3" } : {},
  };
}

function list(attributes: Attributes): string {
  const all = entries(attributes);
  return all.length ? ` [${all.join(", ")}]` : "";
}

function entries(attributes: Attributes): string[] {
  return Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
}

/** A text in double quotes; Graphviz takes `&lt;` in it for a `<`. */
export function quote(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replace(/[\\"]/g, "\\$&");
  return `"${safe.replaceAll("\n", "\\n")}"`;
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
