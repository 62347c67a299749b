/**
 * What a figure shows: rooms (namespaces) with interfaces in them, cables
 * between those, and labels where something acts. figure.ts makes it from a
 * snapshot; every renderer draws from it and from nothing else.
 */

/** How a part stands in the world: not there, there but not working, working. */
export type State = "ghost" | "down" | "up";

/** What every part of a figure has. */
export interface Part {
  /** Whether it exists, and whether it works. */
  state: State;
  /** Whether it is to stand out: what this stage added. */
  added: boolean;
}

/** A piece of text that stands where it acts. */
export interface Label extends Part {
  /** The text. */
  text: string;
  /** It is there, and of little interest: a link-local address. */
  dim?: true;
}

/** A network interface. */
export interface Interface extends Part {
  /** Room and name: `ns1/ns-veth1`; `/br0` on the machine itself. */
  id: string;
  /** Its name. */
  name: string;
  /** `veth`, `bridge`, …; "" for hardware and lo. */
  kind: string;
  /** Why it does not work, in a word; "" if it does. */
  note: string;
  /** The bridge that it is a port of, by its name. */
  bridge?: string;
  /** What else is worth saying, such as an unusual MTU. */
  remarks?: string[];
  /** The id of the interface that it stands on: a vlan's, a macvlan's. */
  parent?: string;
  /** Its addresses of both families, without those that every lo has. */
  addresses: Label[];
}

/** A network namespace. */
export interface NamespaceBox extends Part {
  /** Its name; `/` for the machine's own, `(internet)` for what is behind it. */
  id: string;
  /** Its name as a title. */
  name: string;
  /** What is in it. */
  ifaces: Interface[];
  /** Routes that go by way of a neighbour. */
  routes: Label[];
  /** Whether it passes on what is for somebody else, where that matters. */
  forwarding?: Label;
  /** Rules that rewrite addresses. */
  nat: Label[];
}

/** What joins two interfaces: a veth pair, or the uplink's cable. */
export interface Cable extends Part {
  /** The ids of its ends; the internet's is its room. */
  ends: [string, string];
}

/** All that a figure shows. */
export interface Figure {
  /** Whether every part has a place in the lab's fixed picture. */
  isLab: boolean;
  /** The id of the interface that leads to the internet. */
  uplink?: string;
  /** The id of the room that plays the internet. */
  internet?: string;
  /** The machine first, then the others by name. */
  rooms: NamespaceBox[];
  /** The cables. */
  cables: Cable[];
}

/** The machine's own namespace, among the rooms. */
export const MACHINE = "/";
/** The room behind the uplink where no namespace plays it. */
export const INTERNET = "(internet)";

/** The id of a namespace as a room. */
export function boxId({ name }: { name: string }): string {
  return name === "" ? MACHINE : name;
}

/** The id of an interface: its room and its name. */
export function interfaceId(box: string, name: string): string {
  return box === MACHINE ? `/${name}` : `${box}/${name}`;
}

/** The room that an interface's id names. */
export function boxOf(id: string): string {
  return id.slice(0, id.indexOf("/")) || MACHINE;
}

/** The name that an interface's id ends with. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

/** All interfaces of all rooms. */
export function allInterfaces({ rooms }: Pick<Figure, "rooms">): Interface[] {
  return rooms.flatMap(({ ifaces: links }) => links);
}

/** A room with nothing in it. */
export function emptyBox(id: string, name: string, state: State): NamespaceBox {
  return { id, name, state, added: false, ifaces: [], routes: [], nat: [] };
}
