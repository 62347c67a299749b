/**
 * The figure as a Mermaid flowchart, which many a page of Markdown shows as a
 * picture; see {@link https://mermaid.js.org/syntax/flowchart.html its syntax}.
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

/** The figure as a graph of interfaces, in subgraphs. */
export function toMermaid(drawn: Figure, words: Words): string {
  const figure = shown(drawn);
  const key = keys(figure);
  const node = (link: Interface) =>
    key(link.id) + quote(interfaceLines(link, words), "[", "]") + classOf(link);
  const box = (each: NamespaceBox): string[] => {
    const texts = boxLabels(each).map(({ text }) => text);
    if (each.ifaces.length === 0) {
      const lines = [each.name, ...texts];
      return [key(each.id) + quote(lines, "([", "])") + classOf(each)];
    }
    const { bridges, others } = groups(each);
    // A title has one line only: the rest stands inside.
    const note = `${key(each.id)}text${quote(texts, "[", "]")}:::text`;
    return block(key(each.id), each.name, [
      ...texts.length ? [note] : [],
      ...bridges.flatMap(({ bridge, ports }) => {
        const title = [
          kindText(bridge, words),
          ...interfaceLines(bridge, words),
        ].join(" ");
        return block(key(bridge.id), title, ports.map(node));
      }),
      ...others.map(node),
    ]);
  };
  const subgraphs: [string, Part][] = figure.rooms.flatMap((each) => [
    ...each.ifaces.length ? [[key(each.id), each] as [string, Part]] : [],
    ...groups(each).bridges.map(({ bridge }) =>
      [key(bridge.id), bridge] as [string, Part]
    ),
  ]);
  const lines = [
    "flowchart TB",
    ...indent(figure.rooms.flatMap(box)),
    ...indent(figure.cables.map((cable) => {
      const [from, to] = outwards(cable, figure).map(key);
      const line = { ghost: "-.-", down: "---|x|", up: "---" }[cable.state];
      return `${from} ${
        cable.added && cable.state === "up" ? "===" : line
      } ${to}`;
    })),
    ...indent(standing(figure).map((ids) => ids.map(key).join(" -.- "))),
    ...indent(subgraphs.flatMap(([id, part]) => {
      const name = classOf(part).slice(3);
      return name ? [`class ${id} ${name}`] : [];
    })),
    "  classDef ghost stroke-dasharray:5 5,color:#7b8794",
    "  classDef down stroke:#b4380b",
    "  classDef new stroke-width:4px",
    "  classDef text fill:none,stroke:none",
    "  classDef newDown stroke:#b4380b,stroke-width:4px",
  ];
  return lines.join("\n") + "\n";
}

/** Short names without signs, since Mermaid takes few for a name. */
function keys(figure: Figure): (id: string) => string {
  const ids = figure.rooms.flatMap((box) => [
    box.id,
    ...box.ifaces.map(({ id }) => id),
  ]);
  return (id) => `n${ids.indexOf(id)}`;
}

function block(key: string, title: string, content: string[]): string[] {
  return [
    `subgraph ${key}${quote([title], "[", "]")}`,
    ...indent(content),
    "end",
  ];
}

function quote(lines: string[], open: string, close: string): string {
  const text = lines.map(escape).join("<br>");
  return `${open}"${text}"${close}`;
}

/** What Mermaid, or the HTML that it makes, would take for its own. */
function escape(text: string): string {
  return text.replace(
    /["#&<>`\\%]/g,
    (sign) => sign === '"' ? "#quot;" : `#${sign.charCodeAt(0)};`,
  );
}

function classOf({ state, added }: Part): string {
  if (state === "ghost") return ":::ghost";
  if (state === "down") return added ? ":::newDown" : ":::down";
  return added ? ":::new" : "";
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
