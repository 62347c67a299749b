/** Takes the lab off a machine that is not ours alone, and nothing else. */

import { adapt } from "../../lib/adapt.ts";
import { holds } from "../../lib/facts.ts";
import { EXIT } from "../../lib/problem.ts";
import { takeSnapshot } from "../../lib/snapshot.ts";
import type { Fact } from "../../lib/stage.ts";
import type { Call } from "../../lib/task.ts";
import { say } from "../../lib/terminal.ts";
import { labNames } from "./admission.ts";
import { openJournal } from "./journal.ts";
import { settle } from "./keeper.ts";
import { MARK, seeLinks } from "./links.ts";
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
  left.push(...await removeMarked(type));
  left.push(...await leftovers(stages, journal.isLost, removed > 0, left));
  journal.end();
  say(removed > 0 ? "The lab is gone from this machine." : "No lab is here.");
  if (left.length > 0) say("Left as it is:");
  for (const each of left) say(`  ${each}`);
  return EXIT.ok;
}

/** Removes all links and namespaces that bear our mark. */
async function removeMarked(
  type: (line: string) => Promise<void>,
): Promise<string[]> {
  const left: string[] = [];
  const marked = async () =>
    (await seeLinks()).find(({ ifalias }) => ifalias === MARK);
  for (let link = await marked(); link; link = await marked()) {
    await type(`ip link del dev ${link.ifname}`);
  }
  for (const { name } of (await takeSnapshot()).named) {
    if (netns.isMarked(await seeLinks(name))) {
      left.push(...await netns.remove({ what: "netns", name }, type));
    }
  }
  return left;
}

/** What looks like the lab's, but cannot be told to be. */
async function leftovers(
  written: Call["stages"],
  isLost: boolean,
  wasThere: boolean,
  known: string[],
): Promise<string[]> {
  const snapshot = await takeSnapshot();
  const stages = adapt(written, { uplink: snapshot.uplink });
  const names = labNames(stages);
  const unmarked = [
    ...snapshot.machine.links.filter(({ name }) => names.links.includes(name))
      .map(({ name }) => `Link ${name}`),
    ...snapshot.named.filter(({ name }) => names.netns.includes(name))
      .map(({ name }) => `Namespace ${name}`),
  ].filter((what) => !known.some((each) => each.startsWith(`${what}:`)))
    .map((what) => `${what}: it does not bear the lab's mark (${MARK}).`);
  if (!isLost) return unmarked;
  // Without a journal nobody knows who turned a switch or added a rule.
  const facts = stages.flatMap(({ facts }) => facts)
    .filter((fact) => holds(fact, snapshot));
  const rules = facts.flatMap((fact: Fact) => "rule" in fact ? [fact] : []);
  const unknown = rules.map(({ table, rule }) =>
    `\`${rule}\`: whose it is is not known. If it was the lab's: ${
      deletion(table, rule)
    }`
  );
  const forwards = facts.some((fact) => "forwarding" in fact);
  if (forwards && (wasThere || rules.length > 0)) {
    unknown.push(
      "net.ipv4.ip_forward = 1: who set it is not known. If it was the lab: sysctl -w net.ipv4.ip_forward=0",
    );
  }
  return [...unmarked, ...unknown];
}
