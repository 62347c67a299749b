/** A lab that has addresses cannot be put on another subnet. */

import { checkFree } from "./overlap.ts";
import { Problem } from "../cli/problem.ts";
import { link, type Snapshot } from "../net/snapshot.ts";
import type { Stage } from "../course/stage.ts";
import type { Subnet } from "../course/subnet.ts";
import { typed } from "../cli/typed.ts";
import { t } from "../cli/translate.ts";

/**
 * Where --subnet moves the lab: throws a {@linkcode Problem} if it has
 * addresses already, or if the machine itself uses the new subnet.
 */
export function checkMove(
  movesFrom: Subnet | undefined,
  subnet: Subnet,
  stages: readonly Stage[],
  snapshot: Snapshot,
): void {
  if (!movesFrom) return;
  const facts = stages.flatMap(({ facts }) => facts);
  const addressed = facts.some((fact) =>
    "address" in fact &&
    link(snapshot, fact.link, fact.in)?.addresses.length
  );
  if (addressed) {
    throw new Problem(
      t`The lab is on ${movesFrom.text}: it cannot be moved to ${subnet.text} while it has addresses.`,
      t`Take it down first: ${typed("down")}`,
    );
  }
  const labs = new Set(
    facts.flatMap((fact) => "link" in fact ? fact.link : []),
  );
  checkFree(
    subnet,
    snapshot,
    ({ name }) => name !== "lo" && labs.has(name),
  );
}
