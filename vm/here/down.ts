/** Takes the lab off a machine that is not ours alone, and nothing else. */

import { adapt } from "../../lib/adapt.ts";
import { holds } from "../../lib/facts.ts";
import { EXIT } from "../../lib/problem.ts";
import { type Snapshot, takeSnapshot } from "../../lib/snapshot.ts";
import type { Call } from "../../lib/task.ts";
import { say } from "../../lib/terminal.ts";
import { labNames } from "./admission.ts";
import { openJournal } from "./journal.ts";
import { settle } from "./keeper.ts";
import { MARK } from "./links.ts";
import * as netns from "./netns.ts";
import { remove } from "./notes.ts";
import { deletion } from "./rule.ts";
import { aloud } from "./type.ts";

/**
 * Removes what the journal tells, then what bears the lab's mark though no
 * journal tells of it; says what it left, and why. Run it under the lock.
 * A second time it finds nothing.
 */
export async function takeDown(
  stages: Call["stages"],
): Promise<number> {
  let removed = 0;
  const type = async (line: string) => {
    await aloud(line);
    removed++;
  };
  const left: string[] = [];
  const journal = await openJournal();
  await settle(journal);
  for (const { note } of journal.entries().reverse()) {
    left.push(...await remove(note, type));
    journal.write("gone", note);
  }
  let snapshot = await takeSnapshot();
  const before = removed;
  left.push(...await removeMarked(snapshot, type));
  if (removed > before) snapshot = await takeSnapshot();
  left.push(...leftovers(stages, snapshot, left));
  if (journal.isLost) left.push(...unknown(stages, snapshot, removed > 0));
  journal.end();
  say(removed > 0 ? "The lab is gone from this machine." : "No lab is here.");
  if (left.length > 0) say("Left as it is:");
  for (const each of left) say(`  ${each}`);
  return EXIT.ok;
}

/** Removes all links and namespaces that bear our mark. */
async function removeMarked(
  { machine, named }: Snapshot,
  type: (line: string) => Promise<void>,
): Promise<string[]> {
  const gone = new Set<number | undefined>();
  for (const { name, alias, index, peerIndex } of machine.links) {
    // With one end of a pair goes the other.
    if (alias !== MARK || gone.has(index)) continue;
    await type(`ip link del dev ${name}`);
    gone.add(peerIndex);
  }
  const left: string[] = [];
  for (const { name, links } of named) {
    const isMarked = links.some(({ name, alias }) =>
      name === "lo" && alias === MARK
    );
    if (isMarked) {
      left.push(...await netns.remove({ what: "netns", name }, type));
    }
  }
  return left;
}

/** What has a name of the lab, but cannot be told to be the lab's. */
function leftovers(
  stages: Call["stages"],
  { machine, named }: Snapshot,
  known: string[],
): string[] {
  const names = labNames(stages);
  return [
    ...machine.links.filter(({ name }) => names.links.includes(name))
      .map(({ name }) => `Link ${name}`),
    ...named.filter(({ name }) => names.netns.includes(name))
      .map(({ name }) => `Namespace ${name}`),
  ].filter((what) => !known.some((each) => each.startsWith(`${what}:`)))
    .map((what) => `${what}: it does not bear the lab's mark (${MARK}).`);
}

/** Without a journal nobody knows who turned a switch or added a rule. */
function unknown(
  written: Call["stages"],
  snapshot: Snapshot,
  wasThere: boolean,
): string[] {
  const facts = adapt(written, { uplink: snapshot.uplink })
    .flatMap(({ facts }) => facts).filter((fact) => holds(fact, snapshot));
  const rules = facts.flatMap((fact) => "rule" in fact ? [fact] : []);
  const told = rules.map(({ table, rule }) =>
    `\`${rule}\`: whose it is is not known. If it was the lab's: ${
      deletion(table, rule)
    }`
  );
  const forwards = facts.some((fact) => "forwarding" in fact);
  return forwards && (wasThere || rules.length > 0)
    ? [
      ...told,
      "net.ipv4.ip_forward = 1: who set it is not known. If it was the lab: sysctl -w net.ipv4.ip_forward=0",
    ]
    : told;
}
