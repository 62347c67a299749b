/** The finished lab, as far as a figure needs it: every part has a fixed place. */

import {
  type Figure,
  type Interface,
  interfaceId,
  MACHINE,
  nameOf,
} from "./model.ts";

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

/** Whether every part of a figure has a place in the lab's picture. */
export function fits({ rooms, cables, uplink, internet }: Figure): boolean {
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
