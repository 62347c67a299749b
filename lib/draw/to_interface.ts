/** A link of the snapshot as an interface of the figure. */

import type { Fact } from "../course/stage.ts";
import { addressTexts, type Link, type Namespace } from "../net/namespace.ts";
import { interfaceIsNew, isNew } from "./added.ts";
import { boxId, type Interface, interfaceId, type Label } from "./model.ts";
import { parentOf, type Seen } from "./parent.ts";
import type { Words } from "./words.ts";

/** What a figure shows of an interface. */
export function toInterface(
  link: Link,
  netns: Namespace,
  seen: Seen,
  added: readonly Fact[],
  words: Words,
): Interface {
  const other = seen.peerOf(link);
  const carrier = hasCarrier(link, netns, seen);
  const isUnseen = link.kind === "veth" && !other;
  const parent = parentOf(link, netns, seen);
  const remarks = [
    ...mtuMatters(link, netns, seen) ? [`mtu ${link.mtu}`] : [],
    ...parent === "unseen" ? [words.parentUnseen] : [],
  ];
  return {
    id: interfaceId(boxId(netns), link.name),
    name: link.name,
    kind: link.kind,
    bridge: link.master,
    state: link.up && carrier ? "up" : "down",
    added: interfaceIsNew(added, netns.name, link.name),
    note: !link.up
      ? words.down
      : !carrier
      ? words.noCarrier
      : isUnseen
      ? words.peerUnseen
      : "",
    ...remarks.length ? { remarks } : {},
    ...typeof parent === "object"
      ? { parent: interfaceId(boxId(parent.namespace), parent.link.name) }
      : {},
    addresses: addressLabels(link, netns, added),
  };
}

function addressLabels(
  link: Link,
  netns: Namespace,
  added: readonly Fact[],
): Label[] {
  const labels = addressTexts(link)
    .filter((address) => !/^(127\.|::1\/)/.test(address))
    .map((address): Label => ({
      // Of a link-local one the length is always the same.
      text: address.replace(/^(fe80:.*)\/64$/, "$1"),
      state: "up",
      added: isNew(added, {
        link: link.name,
        address,
        ...netns.name === "" ? {} : { in: netns.name },
      }),
      ...address.startsWith("fe80:") ? { dim: true as const } : {},
    }));
  return [
    ...labels.filter(({ dim }) => !dim),
    ...labels.filter(({ dim }) => dim),
  ];
}

/**
 * Whether a cable is there and its other end is up. A veth has that if and when
 * its other end is up, a bridge if and when one of its ports has it: the
 * kernel's own word for it (operstate) comes a moment later.
 */
function hasCarrier(
  link: Link,
  netns: Namespace,
  seen: Seen,
): boolean {
  if (link.kind === "bridge") {
    return netns.links.some((port) =>
      port.master === link.name && port.up &&
      // A bridge is no port of a bridge.
      port.kind !== "bridge" && hasCarrier(port, netns, seen)
    );
  }
  const other = seen.peerOf(link);
  if (other) return other.link.up;
  return link.carrier && !["DOWN", "LOWERLAYERDOWN"].includes(link.state);
}

/** What nearly every interface has. */
const USUAL = 1500;

/** Whether an MTU is unusual, or not that of what it is joined to. */
function mtuMatters(
  link: Link,
  netns: Namespace,
  seen: Seen,
): boolean {
  if (link.name === "lo") return false;
  if (link.mtu !== USUAL) return true;
  const parent = parentOf(link, netns, seen);
  const neighbours = [
    seen.peerOf(link)?.link,
    typeof parent === "object" ? parent.link : undefined,
    ...netns.links.filter(({ name, master }) =>
      name === link.master || master === link.name
    ),
  ];
  return neighbours.some((each) => each && each.mtu !== link.mtu);
}
