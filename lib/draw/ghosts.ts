/** What does not exist yet, dashed in its place: see fixed_places.ts. */

import { BRIDGE, CABLES, fits, NAMESPACES } from "./fixed_places.ts";
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

const GHOST = { state: "ghost", added: false } as const;

/** Adds the lab's ghosts to a figure whose parts all have a place in the lab. */
export function withGhosts(whole: Figure, words: Words): Figure {
  if (!fits(whole)) return whole;
  const seen = withoutLinkLocal(whole);
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

/** The lab's pictures have no place for what every interface has of itself. */
function withoutLinkLocal(figure: Figure): Figure {
  const rooms = figure.rooms.map((box) => ({
    ...box,
    ifaces: box.ifaces.map((link) => ({
      ...link,
      addresses: link.addresses.filter(({ dim }) => !dim),
    })),
  }));
  return { ...figure, rooms };
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
