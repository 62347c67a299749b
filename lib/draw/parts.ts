/** The parts of a figure of the lab, by the place that each has there. */

import { BRIDGE, CABLES, NAMESPACES } from "./lab.ts";
import {
  allIfaces,
  type Cable,
  type Figure,
  type Iface,
  ifaceId,
  MACHINE,
  type Room,
  roomOf,
} from "./model.ts";

/** One of the three cables. */
export interface Wire {
  /** The cable itself. */
  cable: Cable;
  /** The end that is for a namespace, or for the router. */
  far: Iface;
  /** Whether that end still lies on the PC's desk. */
  isLoose: boolean;
  /** The end that is for the bridge. */
  port: Iface;
  /** Whether that end is, or as a ghost would be, a port of the bridge. */
  isPlugged: boolean;
}

/** All parts. */
export interface Parts {
  /** The machine's own namespace. */
  pc: Room;
  /** ns1 and ns2. */
  namespaces: Room[];
  /** What is behind the uplink. */
  internet: Room;
  /** The interface that leads there. */
  uplink: Iface;
  /** The cable that leads there. */
  uplinkCable: Cable;
  /** The switch. */
  bridge: Iface;
  /** The cables to ns1, to ns2 and to the router. */
  wires: Wire[];
}

/** Sorts the parts of a figure that `isLab`. */
export function partsOf(figure: Figure): Parts {
  const room = (id: string) => figure.rooms.find((room) => room.id === id)!;
  const iface = (id: string) => allIfaces(figure).find((it) => it.id === id)!;
  const [uplinkCable] = figure.cables.slice(-1);
  return {
    pc: room(MACHINE),
    namespaces: NAMESPACES.map(room),
    internet: room(figure.internet!),
    uplink: iface(figure.uplink!),
    uplinkCable,
    bridge: iface(ifaceId(MACHINE, BRIDGE)),
    wires: CABLES.map(({ room, port: portName }, i) => {
      const cable = figure.cables[i];
      const port = iface(ifaceId(MACHINE, portName));
      const far = iface(cable.ends.find((end) => end !== port.id)!);
      const isLoose = roomOf(far.id) !== room;
      return { cable, far, isLoose, port, isPlugged: port.bridge === BRIDGE };
    }),
  };
}
