/** Makes the figure of a snapshot: never from what a stage claims. */

import type { Fact } from "../course/stage.ts";
import type { Chain } from "../net/firewall/ruleset.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Snapshot } from "../net/snapshot.ts";
import { cableIsNew } from "./added.ts";
import { withGhosts } from "./ghosts.ts";
import {
  allInterfaces,
  boxId,
  boxOf,
  type Cable,
  emptyBox,
  type Figure,
  interfaceId,
  INTERNET,
  MACHINE,
} from "./model.ts";
import { type Numbers, pairEnds, type PeerOf } from "./peers.ts";
import { toBox } from "./namespace_box.ts";
import { savedChains } from "./rules.ts";
import { ENGLISH, type Words } from "./words.ts";

/** How a figure is made. */
export interface FigureOptions {
  /** What is to stand out, such as a stage's facts. */
  added?: readonly Fact[];
  /** The figure's own words. */
  words?: Words;
  /**
   * The chains of each namespace's firewalls, by its name, where they were
   * read; else the machine's are those of the snapshot.
   */
  firewalls?: Readonly<Record<string, readonly Chain[]>>;
  /** What namespaces call each other by, where that was read. */
  numbers?: Numbers;
}

/** Makes the figure of a snapshot. */
export function figure(
  snapshot: Snapshot,
  { added = [], words = ENGLISH, firewalls, numbers }: FigureOptions = {},
): Figure {
  const chains = firewalls ?? { "": savedChains(snapshot.rules) };
  const peerOf = pairEnds(snapshot, numbers);
  const all = [snapshot.machine, ...snapshot.named];
  const rooms = all.map((netns) =>
    toBox(netns, snapshot, peerOf, chains[netns.name] ?? [], added, words)
  );
  const seen = { isLab: false, rooms, cables: toCables(all, peerOf, added) };
  return withGhosts(withUplink(seen, snapshot, words), words);
}

function toCables(
  all: Namespace[],
  peerOf: PeerOf,
  added: readonly Fact[],
): Cable[] {
  const cables: Cable[] = [];
  const done = new Set<string>();
  for (const netns of all) {
    for (const link of netns.links) {
      const other = peerOf(link);
      const id = interfaceId(boxId(netns), link.name);
      if (!other || done.has(id)) continue;
      const otherId = interfaceId(boxId(other.namespace), other.link.name);
      done.add(otherId);
      cables.push({
        ends: [id, otherId],
        state: link.up && other.link.up ? "up" : "down",
        added: cableIsNew(added, link.name, other.link.name),
      });
    }
  }
  return cables;
}

/** Adds what is behind the uplink, where no namespace is seen there. */
function withUplink(seen: Figure, snapshot: Snapshot, words: Words): Figure {
  // Without a default route we take eth0 for it, as the pages do.
  const id = interfaceId(MACHINE, snapshot.uplink ?? "eth0");
  const uplink = allInterfaces(seen).find((link) => link.id === id);
  if (!uplink) return seen;
  const cable = seen.cables.find(({ ends }) => ends.includes(id));
  const far = cable?.ends.find((end) => end !== id);
  if (far) {
    const internet = boxOf(far);
    return internet === MACHINE ? seen : { ...seen, uplink: id, internet };
  }
  // Its other end is where it belongs, though we do not see it.
  if (uplink.state === "up") uplink.note = "";
  return {
    ...seen,
    uplink: id,
    internet: INTERNET,
    rooms: [...seen.rooms, emptyBox(INTERNET, words.internet, "up")],
    cables: [
      ...seen.cables,
      { ends: [id, INTERNET], state: uplink.state, added: false },
    ],
  };
}
