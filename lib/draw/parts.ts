/** The parts of a figure of the lab, by the place that each has there. */

import { BRIDGE, CABLES, NAMESPACES } from "./fixed_places.ts";
import {
  allInterfaces,
  boxOf,
  type Cable,
  type Figure,
  type Interface,
  interfaceId,
  MACHINE,
  type NamespaceBox,
} from "./model.ts";

/** One of the three cables. */
export interface CableEnds {
  /** The cable itself. */
  cable: Cable;
  /** The end that is for a namespace, or for the router. */
  far: Interface;
  /** Whether that end still lies on the PC's desk. */
  isLoose: boolean;
  /** The end that is for the bridge. */
  port: Interface;
  /** Whether that end is, or as a ghost would be, a port of the bridge. */
  isPlugged: boolean;
}

/** All parts. */
export interface Parts {
  /** The machine's own namespace. */
  pc: NamespaceBox;
  /** ns1 and ns2. */
  namespaces: NamespaceBox[];
  /** What is behind the uplink. */
  internet: NamespaceBox;
  /** The interface that leads there. */
  uplink: Interface;
  /** The cable that leads there. */
  uplinkCable: Cable;
  /** The switch. */
  bridge: Interface;
  /** The cables to ns1, to ns2 and to the router. */
  wires: CableEnds[];
}

/** Sorts the parts of a figure that `isLab`. */
export function partsOf(figure: Figure): Parts {
  const box = (id: string) => figure.rooms.find((box) => box.id === id)!;
  const link = (id: string) =>
    allInterfaces(figure).find((it) => it.id === id)!;
  const [uplinkCable] = figure.cables.slice(-1);
  return {
    pc: box(MACHINE),
    namespaces: NAMESPACES.map(box),
    internet: box(figure.internet!),
    uplink: link(figure.uplink!),
    uplinkCable,
    bridge: link(interfaceId(MACHINE, BRIDGE)),
    wires: CABLES.map(({ room: box, port: portName }, i) => {
      const cable = figure.cables[i];
      const port = link(interfaceId(MACHINE, portName));
      const far = link(cable.ends.find((end) => end !== port.id)!);
      const isLoose = boxOf(far.id) !== box;
      return { cable, far, isLoose, port, isPlugged: port.bridge === BRIDGE };
    }),
  };
}
