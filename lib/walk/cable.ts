/** A frame out of an interface, over the cable, to whatever is plugged in there. */

import { type End, otherEnd } from "../net/segment.ts";
import { fromBridge, intoBridge } from "./bridge.ts";
import type { Outcome } from "./flow.ts";
import {
  add,
  type Carried,
  dropped,
  EVERYBODY,
  type Frame,
  nothing,
} from "./frame.ts";
import { inBy, pass } from "./frame_hooks.ts";
import { ended, type Traveller, walked } from "./traveller.ts";

/** Sends a frame out of an interface. */
export async function carry(
  traveller: Traveller,
  frame: Frame,
  from: End,
): Promise<Carried> {
  if (from.link.bridge) {
    return await fromBridge(traveller, frame, from, overCable);
  }
  return await overCable(traveller, frame, from);
}

/** A frame out of an interface, to the other end of its cable. */
export async function overCable(
  traveller: Traveller,
  frame: Frame,
  from: End,
): Promise<Carried> {
  const lose = (outcome: Outcome) => nothing(traveller, outcome);
  if (!from.link.up) return lose(dropped("link-down", from));
  if (from.link.kind === "dummy") return lose(dropped("unplugged", from));
  if (from.link.kind !== "veth") {
    return lose({ end: "left", at: from, next: frame.dst });
  }
  const far = otherEnd(traveller.network, from);
  if (!far) return lose({ end: "left", at: from, next: frame.dst });
  if (!far.link.up) return lose(dropped("link-down", far));
  if (isTooBig(traveller, from) || isTooBig(traveller, far)) {
    return lose(dropped("too-big", from));
  }
  if (LOSSY.includes(from.link.queue)) {
    return lose({
      end: "unknown",
      namespace: from.namespace,
      because: "queue",
    });
  }
  const isHome = far.namespace === from.namespace;
  // What rules wrote on a packet stays behind with the namespace.
  const over = isHome ? traveller : { ...traveller, mark: 0 };
  return await comeIn(over, frame, far);
}

/**
 * Whether the end of a cable drops a frame without a word: one may be longer
 * than the MTU by the tag of a VLAN, see is_skb_forwardable in net/core/dev.c.
 */
function isTooBig({ length, dontFragment }: Traveller, { link }: End): boolean {
  return dontFragment && length > link.mtu + 4;
}

/** Queues that throw away what they like, see tc(8). */
const LOSSY = ["netem", "tbf", "plug", "htb", "red", "choke"];

/** A frame at the end of its cable: for the bridge there, or for the stack. */
export async function comeIn(
  traveller: Traveller,
  frame: Frame,
  at: End,
): Promise<Carried> {
  const { namespace, link } = at;
  const place = inBy(link, frame);
  const families = ["netdev", "inet"];
  const hooked = await pass(
    traveller,
    frame,
    namespace,
    "ingress",
    families,
    place,
  );
  const carried: Carried = { arrivals: [], lost: hooked.over };
  for (const each of hooked.on) {
    if (link.xdp) {
      carried.lost.push(
        ended(each, { end: "unknown", namespace, because: "xdp" }),
      );
    } else if (link.master) {
      const bridge = namespace.links.find(({ name }) => name === link.master);
      if (bridge?.bridge) {
        add(
          carried,
          await intoBridge(each, frame, namespace, bridge, link, overCable),
        );
      } else {
        carried.lost.push(
          ended(each, { end: "unknown", namespace, because: "master" }),
        );
      }
    } else add(carried, toStack(each, frame, at));
  }
  return carried;
}

/** The stack takes what is for its MAC address, or for everybody. */
function toStack(traveller: Traveller, frame: Frame, at: End): Carried {
  const isForUs = frame.dst === EVERYBODY || frame.dst === at.link.mac ||
    at.link.noArp;
  return isForUs
    ? {
      arrivals: [{
        traveller: walked(traveller, { kind: "arrived", at }),
        at,
      }],
      lost: [],
    }
    : nothing(traveller, dropped("wrong-mac", at));
}
