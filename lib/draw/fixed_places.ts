/**
 * The finished lab, as far as a figure needs it: every part has a fixed place
 * there, and what does not exist yet stands there as a ghost.
 */

import {
  allInterfaces,
  boxOf,
  type Cable,
  emptyBox,
  type Figure,
  type Interface,
  interfaceId,
  INTERNET,
  type Label,
  MACHINE,
  nameOf,
  type NamespaceBox,
} from "./model.ts";
import type { Words } from "./words.ts";

/** The rooms that stand for containers. */
export const NAMESPACES = ["ns1", "ns2"] as const;

/** The bridge. */
export const BRIDGE = "br0";

/** The three cables: the room that each leads to, and the names of its ends. */
export const CABLES = [
  { room: "ns1", far: "ns-veth1", port: "br-veth1" },
  { room: "ns2", far: "ns-veth2", port: "br-veth2" },
  { room: MACHINE, far: "rt-veth", port: "br-veth3" },
] as const;

const GHOST = { state: "ghost", added: false } as const;

/** Adds the lab's ghosts to a figure whose parts all have a place in the lab. */
export function withGhosts(seen: Figure, words: Words): Figure {
  if (!fits(seen)) return seen;
  const box = (id: string, name = id) =>
    seen.rooms.find((box) => box.id === id) ?? emptyBox(id, name, "ghost");
  const link = (name: string, kind: string, home = MACHINE, bridge?: string) =>
    allInterfaces(seen).find((link) => link.id === interfaceId(home, name)) ??
      ghost(interfaceId(home, name), kind, bridge);
  const cable = (a: string, b: string): Cable =>
    seen.cables.find(({ ends }) => ends.includes(a)) ??
      { ...GHOST, ends: [a, b] };

  const uplink = seen.uplink ?? interfaceId(MACHINE, "eth0");
  const internet = seen.internet ?? INTERNET;
  const far = CABLES.map(({ room: box, far }) =>
    findLoose(seen, box, far) ??
      withoutAddress(link(far, "veth", box), words)
  );
  const ports = CABLES.map(({ port }) => link(port, "veth", MACHINE, BRIDGE));
  const home = (box: NamespaceBox) => [
    ...box.ifaces.filter(({ name }) => name === "lo"),
    ...far.filter(({ id }) => boxOf(id) === box.id),
  ];
  const namespaces = NAMESPACES.map((id) => withoutRoute(box(id), words));
  const pc = box(MACHINE);
  return {
    isLab: true,
    uplink,
    internet,
    rooms: [
      {
        ...pc,
        nat: pc.nat.length || pc.state === "ghost"
          ? pc.nat
          : [absent(words.noNat)],
        ifaces: [
          ...home(pc),
          link(BRIDGE, "bridge"),
          ...ports,
          link(nameOf(uplink), ""),
        ],
      },
      ...namespaces.map((box) => ({ ...box, ifaces: home(box) })),
      box(internet, words.internet),
    ],
    cables: [
      ...ports.map((port, i) => cable(port.id, far[i].id)),
      cable(uplink, internet),
    ],
  };
}

/** A veth that is for a namespace and still lies on the PC's desk. */
function findLoose(
  figure: Figure,
  box: string,
  name: string,
): Interface | undefined {
  if (box === MACHINE) return undefined;
  return allInterfaces(figure).find(({ id }) =>
    id === interfaceId(MACHINE, name)
  );
}

function ghost(id: string, kind: string, bridge?: string): Interface {
  return {
    ...GHOST,
    id,
    name: nameOf(id),
    kind,
    bridge,
    note: "",
    addresses: [],
  };
}

function absent(text: string): Label {
  return { ...GHOST, text };
}

function withoutAddress(end: Interface, words: Words): Interface {
  if (end.state === "ghost" || end.addresses.length > 0) return end;
  return { ...end, addresses: [absent(words.noAddress)] };
}

function withoutRoute(box: NamespaceBox, words: Words): NamespaceBox {
  if (box.state === "ghost" || box.routes.length > 0) return box;
  return { ...box, routes: [absent(words.noRoute)] };
}

/** Whether every part of a figure has a place in the lab's picture. */
function fits({ rooms, cables, uplink, internet }: Figure): boolean {
  if (uplink && hasPlace(uplink)) return false;
  const isCabled = (link: Interface) =>
    cables.some(({ ends }) => ends.includes(link.id));
  const isLabs = (link: Interface) =>
    link.id === uplink || link.name === "lo" ||
    (hasPlace(link.id, link) && (link.kind === "bridge" || isCabled(link)));
  const known: string[] = [MACHINE, ...NAMESPACES];
  return rooms.every(({ id, ifaces: links }) =>
    known.includes(id) ? links.every(isLabs) : id === internet &&
      links.every((it) => it.name === "lo" || isCabled(it))
  ) &&
    cables.every(({ ends }) =>
      ends.includes(uplink ?? "") || CABLES.some(({ far, port }) => {
        const names = ends.map(nameOf);
        return names.includes(far) && names.includes(port);
      })
    ) && !known.includes(internet ?? "");
}

/** Whether the lab has an interface of this id, kind and bridge. */
function hasPlace(
  id: string,
  { kind, bridge }: Partial<Interface> = {},
): boolean {
  if (id === interfaceId(MACHINE, BRIDGE)) return kind !== "veth";
  if (kind === "bridge") return false;
  return CABLES.some(({ room: box, far, port }) =>
    id === interfaceId(MACHINE, port)
      ? bridge === undefined || bridge === BRIDGE
      : [interfaceId(box, far), interfaceId(MACHINE, far)].includes(id) &&
        bridge === undefined
  );
}
