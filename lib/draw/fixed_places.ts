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
  const room = (id: string, name = id) =>
    seen.rooms.find((room) => room.id === id) ?? emptyBox(id, name, "ghost");
  const iface = (name: string, kind: string, home = MACHINE, bridge?: string) =>
    allInterfaces(seen).find((iface) => iface.id === interfaceId(home, name)) ??
      ghost(interfaceId(home, name), kind, bridge);
  const cable = (a: string, b: string): Cable =>
    seen.cables.find(({ ends }) => ends.includes(a)) ??
      { ...GHOST, ends: [a, b] };

  const uplink = seen.uplink ?? interfaceId(MACHINE, "eth0");
  const internet = seen.internet ?? INTERNET;
  const far = CABLES.map(({ room, far }) =>
    findLoose(seen, room, far) ??
      withoutAddress(iface(far, "veth", room), words)
  );
  const ports = CABLES.map(({ port }) => iface(port, "veth", MACHINE, BRIDGE));
  const home = (room: NamespaceBox) => [
    ...room.ifaces.filter(({ name }) => name === "lo"),
    ...far.filter(({ id }) => boxOf(id) === room.id),
  ];
  const namespaces = NAMESPACES.map((id) => withoutRoute(room(id), words));
  const pc = room(MACHINE);
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
          iface(BRIDGE, "bridge"),
          ...ports,
          iface(nameOf(uplink), ""),
        ],
      },
      ...namespaces.map((room) => ({ ...room, ifaces: home(room) })),
      room(internet, words.internet),
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
  room: string,
  name: string,
): Interface | undefined {
  if (room === MACHINE) return undefined;
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

function withoutRoute(room: NamespaceBox, words: Words): NamespaceBox {
  if (room.state === "ghost" || room.routes.length > 0) return room;
  return { ...room, routes: [absent(words.noRoute)] };
}

/** Whether every part of a figure has a place in the lab's picture. */
function fits({ rooms, cables, uplink, internet }: Figure): boolean {
  if (uplink && hasPlace(uplink)) return false;
  const isCabled = (iface: Interface) =>
    cables.some(({ ends }) => ends.includes(iface.id));
  const isLabs = (iface: Interface) =>
    iface.id === uplink || iface.name === "lo" ||
    (hasPlace(iface.id, iface) && (iface.kind === "bridge" || isCabled(iface)));
  const known: string[] = [MACHINE, ...NAMESPACES];
  return rooms.every(({ id, ifaces }) =>
    known.includes(id) ? ifaces.every(isLabs) : id === internet &&
      ifaces.every((it) => it.name === "lo" || isCabled(it))
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
  return CABLES.some(({ room, far, port }) =>
    id === interfaceId(MACHINE, port)
      ? bridge === undefined || bridge === BRIDGE
      : [interfaceId(room, far), interfaceId(MACHINE, far)].includes(id) &&
        bridge === undefined
  );
}
