/** A bridge: what it takes for itself, and which ports it hands a frame to. */

import type { Link, Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import { learn, portOf, readdressed } from "./bridge_table.ts";
import {
  add,
  type Carried,
  dropped,
  EVERYBODY,
  type Frame,
  nothing,
} from "./frame.ts";
import { callIptables, inBy, pass } from "./frame_hooks.ts";
import { ended, type Place, type Traveller, walked } from "./traveller.ts";

/** Where a bridge hands a frame on: out of a port, over its cable. */
export type Onward = (
  traveller: Traveller,
  frame: Frame,
  from: End,
) => Promise<Carried>;

/** A frame that came in by a bridge's port. */
export async function intoBridge(
  traveller: Traveller,
  frame: Frame,
  namespace: Namespace,
  bridge: Link,
  port: Link,
  onward: Onward,
): Promise<Carried> {
  const at = { namespace, link: bridge };
  if (!bridge.up) return nothing(traveller, dropped("link-down", at));
  if (bridge.bridge?.vlans) {
    return nothing(traveller, { end: "unknown", namespace, because: "vlan" });
  }
  const { state = "forwarding", locked = false, learning = true } = port.port ??
    {};
  if (state !== "forwarding" || locked) {
    return nothing(
      traveller,
      dropped("port-blocked", { namespace, link: port }),
    );
  }
  const place = inBy(port, frame);
  const hooked = await pass(
    traveller,
    frame,
    namespace,
    "prerouting",
    ["bridge"],
    place,
  );
  const carried: Carried = { arrivals: [], lost: hooked.over };
  for (const each of hooked.on) {
    const asked = await callIptables(each, frame, namespace, "prerouting", {
      iif: bridge.name,
      portIn: port.name,
    });
    carried.lost.push(...asked.over);
    for (const one of asked.on) {
      const next = learning ? learn(one, at, frame.src, port.name) : one;
      const to = one.tuple.dst === each.tuple.dst
        ? frame
        : await readdressed(next, frame, at);
      add(carried, await switched(next, to, at, port, onward));
    }
  }
  return carried;
}

/** The bridge's choice: itself, one port, or all. */
async function switched(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
  port: Link,
  onward: Onward,
): Promise<Carried> {
  const { namespace, link } = bridge;
  const carried: Carried = { arrivals: [], lost: [] };
  const isForAll = frame.dst === EVERYBODY;
  const ports = namespace.links.filter(({ master }) => master === link.name);
  const isForItself = [link, ...ports].some(({ mac }) => mac === frame.dst);
  if (isForAll || isForItself) {
    const place = inBy(port, frame);
    const hooked = await pass(
      traveller,
      frame,
      namespace,
      "input",
      ["bridge"],
      place,
    );
    carried.lost.push(...hooked.over);
    for (const each of hooked.on) {
      carried.arrivals.push({
        traveller: walked(each, { kind: "arrived", at: bridge }),
        at: bridge,
        port: port.name,
      });
    }
  }
  // What is for a port's own address is for the bridge as well.
  if (isForItself) return carried;
  add(carried, await toPorts(traveller, frame, bridge, onward, port));
  return carried;
}

/** Out of the ports that the forwarding table names, or of all. */
async function toPorts(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
  onward: Onward,
  from?: Link,
): Promise<Carried> {
  const { namespace, link } = bridge;
  const carried: Carried = { arrivals: [], lost: [] };
  const known = frame.dst === EVERYBODY
    ? undefined
    : await portOf(traveller, bridge, frame.dst);
  const ports = namespace.links.filter(({ master, name }) =>
    master === link.name && (known === undefined || name === known)
  );
  for (const port of ports) {
    if (port.name === from?.name && !port.port?.hairpin) {
      if (known) {
        carried.lost.push(
          ended(traveller, dropped("wrong-mac", { namespace, link: port })),
        );
      }
      continue;
    }
    const end = { namespace, link: port };
    const flags = port.port;
    const floods = frame.dst === EVERYBODY
      ? flags?.bcast_flood ?? true
      : flags?.flood ?? true;
    if ((flags?.state ?? "forwarding") !== "forwarding") {
      carried.lost.push(ended(traveller, dropped("port-blocked", end)));
    } else if (from?.port?.isolated && flags?.isolated) {
      carried.lost.push(ended(traveller, dropped("port-isolated", end)));
    } else if (known === undefined && !floods) {
      carried.lost.push(ended(traveller, dropped("port-blocked", end)));
    } else {
      add(carried, await outOf(traveller, frame, bridge, onward, from, port));
    }
  }
  return carried;
}

async function outOf(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
  onward: Onward,
  from: Link | undefined,
  port: Link,
): Promise<Carried> {
  const { namespace, link } = bridge;
  const macs = { srcMac: frame.src, dstMac: frame.dst };
  const hooks = from ? ["forward", "postrouting"] as const : [
    "output",
    "postrouting",
  ] as const;
  let on = [traveller];
  const carried: Carried = { arrivals: [], lost: [] };
  for (const hook of hooks) {
    const next: Traveller[] = [];
    for (const each of on) {
      const place: Place = {
        ...macs,
        ...hook === "postrouting" || !from ? {} : { iif: from.name },
        oif: port.name,
      };
      const hooked = await pass(
        each,
        frame,
        namespace,
        hook,
        ["bridge"],
        place,
      );
      carried.lost.push(...hooked.over);
      for (const one of hooked.on) {
        const asked = from && hook !== "output"
          ? await callIptables(one, frame, namespace, hook, {
            ...hook === "forward" ? { iif: link.name } : {},
            oif: link.name,
            portIn: from.name,
            portOut: port.name,
          })
          : { on: [one], over: [] };
        carried.lost.push(...asked.over);
        next.push(...asked.on);
      }
    }
    on = next;
  }
  for (const each of on) {
    const step = walked(each, {
      kind: "switched",
      namespace,
      bridge: link.name,
      from: from?.name ?? link.name,
      to: port.name,
    });
    add(carried, await onward(step, frame, { namespace, link: port }));
  }
  return carried;
}

/** What the namespace itself sends by its bridge. */
export async function fromBridge(
  traveller: Traveller,
  frame: Frame,
  bridge: End,
  onward: Onward,
): Promise<Carried> {
  if (!bridge.link.up) return nothing(traveller, dropped("link-down", bridge));
  return await toPorts(traveller, frame, bridge, onward);
}
