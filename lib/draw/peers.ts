/**
 * Which interface is the other end of which, where indices alone do not say
 * it: several pairs between namespaces may have the same two.
 */

import type { Link, Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import type { Snapshot } from "../net/snapshot.ts";
import { isOtherEnd } from "../net/veth.ts";

/**
 * What a namespace calls others by: per namespace, the names of those that it
 * knows by a number, as `ip netns list-id` tells.
 */
export type Numbers = Readonly<
  Record<string, Readonly<Record<number, string>>>
>;

/** Finds the other end of a veth; undefined where none is seen, or several. */
export type PeerOf = (link: Link) => End | undefined;

/** Pairs all ends of a snapshot. */
export function pairEnds(snapshot: Snapshot, numbers: Numbers = {}): PeerOf {
  const all = [snapshot.machine, ...snapshot.named];
  const ends = all.flatMap((namespace) =>
    namespace.links.filter(({ kind }) => kind === "veth")
      .map((link) => ({ namespace, link }))
  );
  const pairs = new Map<Link, End>();
  const known = new Map<string, Namespace>();
  for (const [name, seen] of Object.entries(numbers)) {
    for (const [number, other] of Object.entries(seen)) {
      const found = all.find((each) => each.name === other);
      if (found) known.set(`${number} ${name}`, found);
    }
  }
  const mayLead = (from: End, to: End): boolean => {
    if (!from.link.peerElsewhere) return true;
    const { name } = from.namespace;
    const number = from.link.peerNetnsid;
    const told = known.get(`${number} ${name}`);
    if (told) return told === to.namespace;
    // It has one number for each namespace that it knows.
    return ![...known].some(([key, other]) =>
      other === to.namespace && key.endsWith(` ${name}`) &&
      key !== `${number} ${name}`
    );
  };
  const candidates = (end: End): End[] =>
    ends.filter((other) =>
      other.link !== end.link && !pairs.has(other.link) &&
      (other.namespace === end.namespace) === !end.link.peerElsewhere &&
      isOtherEnd(end.link, other.link) && mayLead(end, other) &&
      mayLead(other, end)
    );
  // Each pair that is sure tells numbers, which may decide others.
  for (let isNew = true; isNew;) {
    isNew = false;
    for (const end of ends) {
      if (pairs.has(end.link)) continue;
      const [found, another] = candidates(end);
      if (!found || another) continue;
      isNew = true;
      for (const [one, other] of [[end, found], [found, end]]) {
        pairs.set(one.link, other);
        const number = one.link.peerNetnsid;
        if (number !== undefined) {
          known.set(`${number} ${one.namespace.name}`, other.namespace);
        }
      }
    }
  }
  return (link) => pairs.get(link);
}
