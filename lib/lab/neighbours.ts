/** A card that is made anew has a new MAC address, and others know the old one. */

import { runLines } from "./batch.ts";
import { holds } from "../course/facts.ts";
import type { Plan } from "./plan.ts";
import type { Snapshot } from "../net/snapshot.ts";
import type { Fact, Stage } from "../course/stage.ts";

/**
 * After a plan was carried out: lets the lab's cards that had their addresses
 * `before` forget their neighbours, if others got theirs only now. The kernel
 * would believe for up to a minute what it has learned of a card that is gone
 * (see {@link https://man7.org/linux/man-pages/man7/arp.7.html arp(7)}), and
 * what is sent there is lost.
 */
export async function forgetNeighbours(
  stages: readonly Stage[],
  { forth }: Plan,
  before: Snapshot,
): Promise<void> {
  const isNew = forth.some(({ steps }) =>
    steps.some(({ fact }) => "address" in fact)
  );
  if (!isNew) return;
  const lines = stages.flatMap(({ facts }): Fact[] => [...facts])
    .filter(hasAddress)
    .filter((fact) => holds(fact, before))
    .map(({ link, in: netns }) => {
      const where = netns ? `ip netns exec ${netns} ` : "";
      return `${where}ip neigh flush dev ${link}`;
    });
  // Where it fails, the pings that follow tell.
  await runLines(lines);
}

function hasAddress(fact: Fact): fact is Extract<Fact, { address: string }> {
  return "address" in fact;
}
