/** The figure in sentences, for those who hear it. */

import {
  boxOf,
  type Figure,
  type Interface,
  nameOf,
  type NamespaceBox,
} from "./model.ts";
import type { Words } from "./words.ts";

/** What is there, room by room, and what is not. */
export function description(figure: Figure, words: Words): string {
  const name = (id: string) => figure.rooms.find((it) => it.id === id)?.name;
  const rooms = figure.rooms.filter(({ state }) => state !== "ghost")
    .map((box) => `${box.name}: ${contents(box, words) || "-"}.`);
  const cables = figure.cables.filter(({ state }) => state !== "ghost")
    .map(({ ends, state }) => {
      const [a, b] = ends.map((id) =>
        id.includes("/") ? `${nameOf(id)} (${name(boxOf(id))})` : name(id)
      );
      return `${a} - ${b}${state === "down" ? `: ${words.down}` : ""}.`;
    });
  return [...rooms, ...cables].join(" ");
}

function contents(
  { ifaces: links, routes, forwarding, nat }: NamespaceBox,
  words: Words,
) {
  const there = links.filter(({ state }) => state !== "ghost");
  const labels = [...routes, ...forwarding ? [forwarding] : [], ...nat];
  return [
    ...there.map((link) => sentence(link, words)),
    ...labels.map(({ text }) => text),
  ].join(", ");
}

function sentence(link: Interface, words: Words): string {
  const addresses = link.addresses.map(({ text }) => text);
  return [link.name, link.note || words.up, ...addresses].join(" ");
}
