/** The figure as a graph, for formats that place its parts themselves. */

import {
  allInterfaces,
  boxOf,
  type Cable,
  type Figure,
  type Interface,
  type Label,
  MACHINE,
  type NamespaceBox,
} from "./model.ts";
import type { Words } from "./words.ts";

/** A room's bridges, and which of its interfaces hang on which of them. */
export interface Groups {
  /** Bridges that have ports, each with them. */
  bridges: { bridge: Interface; ports: Interface[] }[];
  /** All other interfaces. */
  others: Interface[];
}

/** Sorts a room's interfaces by the bridge that they are ports of. */
export function groups({ ifaces: links }: NamespaceBox): Groups {
  const bridges = links
    .map((bridge) => ({
      bridge,
      ports: links.filter((port) => port.bridge === bridge.name),
    }))
    .filter(({ ports }) => ports.length > 0);
  const grouped = bridges.flatMap(({ bridge, ports }) => [bridge, ...ports]);
  return {
    bridges,
    others: links.filter((link) => !grouped.includes(link)),
  };
}

/** All that is written in a room beside its name. */
export function boxLabels(box: NamespaceBox): Label[] {
  const forwarding = box.forwarding ? [box.forwarding] : [];
  return [...forwarding, ...box.routes, ...box.nat];
}

/** What an interface says of itself, line by line. */
export function interfaceLines(link: Interface, words: Words): string[] {
  const { name, note, addresses, remarks = [] } = link;
  const title = note ? `${name} (${note})` : name;
  const kind = link.kind === "bridge" ? "" : kindText(link, words);
  return [
    title,
    ...[kind, ...remarks].filter(Boolean),
    ...addresses.map(({ text }) => text),
  ];
}

/** What an interface is, where that is not plain from its cable. */
export function kindText({ kind }: Interface, words: Words): string {
  return kind === "bridge" ? words.bridge : kind === "veth" ? "" : kind;
}

/** Each interface that stands on another one, and that one. */
export function standing(figure: Figure): [string, string][] {
  return allInterfaces(figure).flatMap(({ id, parent }): [string, string][] =>
    parent ? [[id, parent]] : []
  );
}

/**
 * A cable's ends in the order in which a packet takes them on its way out:
 * from the namespaces to the machine, from there to the internet.
 */
export function outwards(cable: Cable, figure: Figure): [string, string] {
  const [a, b] = cable.ends;
  const depth = (id: string) => {
    if (id === figure.internet || boxOf(id) === figure.internet) return 3;
    if (boxOf(id) !== MACHINE) return 0;
    const isPort = allInterfaces(figure).find((link) => link.id === id)
      ?.bridge;
    return isPort ? 1 : 2;
  };
  return depth(a) <= depth(b) ? [a, b] : [b, a];
}
