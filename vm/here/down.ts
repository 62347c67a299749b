/** Takes the lab off a machine that is not ours alone, and nothing else. */

import { adapt } from "../../lib/course/adapt.ts";
import { holds } from "../../lib/course/facts.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { type Snapshot, takeSnapshot } from "../../lib/net/snapshot.ts";
import type { Call } from "../../lib/task/task.ts";
import { say, tell } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { labNames } from "./admission.ts";
import { cannotRead, openJournal } from "./journal.ts";
import { settle } from "./guard.ts";
import { linkMark, MARK } from "./mark.ts";
import * as netns from "./netns.ts";
import { remove } from "./notes.ts";
import { type Left } from "./removal.ts";
import { deletion } from "./rule.ts";
import { typeAloud } from "./type_line.ts";
import { t } from "../../lib/cli/translate.ts";

/**
 * Removes what the journal tells, then what bears the lab's mark though no
 * journal tells of it; says what it left, and why. Run it under the lock.
 * A second time it finds nothing. Throws a {@linkcode Problem} where it cannot
 * go on: then all that is left is still written down.
 */
export async function takeDown(
  stages: Call["stages"],
): Promise<number> {
  try {
    return await removeAll(stages);
  } catch (error) {
    if (!(error instanceof Problem) || error.next) throw error;
    throw new Problem(
      error.message,
      t`The lab is not gone, or not all of it. What is left of it is known; type the same again: ${
        typed("down")
      }`,
    );
  }
}

async function removeAll(stages: Call["stages"]): Promise<number> {
  let removed = 0;
  const type = async (line: string) => {
    await typeAloud(line);
    removed++;
  };
  const left: Left[] = [];
  const journal = await openJournal();
  if (journal.broken) tell(cannotRead(journal.broken).message);
  await settle(journal);
  for (const { note } of journal.entries().reverse()) {
    const rest = await remove(note, type);
    left.push(...rest);
    if (!rest.some(({ isOurs }) => isOurs)) journal.forget(note);
  }
  let snapshot = await takeSnapshot();
  const before = removed;
  const known = left.map(({ text }) => text);
  left.push(...await removeMarked(snapshot, known, type));
  if (removed > before) snapshot = await takeSnapshot();
  left.push(...leftovers(stages, snapshot, left));
  if (journal.isLost) {
    const wasThere = removed > 0 || journal.broken !== undefined;
    left.push(...unknown(stages, snapshot, wasThere));
  }
  const isAllGone = !left.some(({ isOurs }) => isOurs);
  if (isAllGone || journal.isLost) journal.end();
  if (isAllGone) {
    say(
      removed > 0 ? t`The lab is gone from this machine.` : t`No lab is here.`,
    );
  }
  if (left.length > 0) say(t`Left as it is:`);
  for (const { text } of left) say(`  ${text}`);
  if (isAllGone) return EXIT.ok;
  throw new Problem(
    t`Not all of the lab is gone from this machine.`,
    t`Why is said above. Once that is mended, type the same again: ${
      typed("down")
    }`,
  );
}

/** Removes all links and namespaces that bear our mark. */
async function removeMarked(
  { machine, named }: Snapshot,
  known: string[],
  type: (line: string) => Promise<void>,
): Promise<Left[]> {
  const gone = new Set<number | undefined>();
  for (const { name, alias, index, peerIndex } of machine.links) {
    // With one end of a pair goes the other.
    if (alias !== linkMark(index) || gone.has(index)) continue;
    await type(`ip link del dev ${name}`);
    gone.add(peerIndex);
  }
  const left: Left[] = [];
  for (const { name, links } of named) {
    if (known.some((each) => each.startsWith(`Namespace ${name}:`))) continue;
    if (netns.isMarked(name, links)) {
      left.push(...await netns.remove({ what: "netns", name }, type));
    }
  }
  return left;
}

/** What has a name of the lab, but cannot be told to be the lab's. */
function leftovers(
  stages: Call["stages"],
  { machine, named }: Snapshot,
  known: Left[],
): Left[] {
  const names = labNames(stages);
  return [
    ...machine.links.filter(({ name }) => names.links.includes(name))
      .map(({ name }) => ({
        what: `Link ${name}`,
        away: `ip link del dev ${name}`,
      })),
    ...named.filter(({ name }) => names.netns.includes(name))
      .map(({ name }) => ({
        what: `Namespace ${name}`,
        away: `ip netns del ${name}`,
      })),
  ].filter(({ what }) => !known.some(({ text }) => text.startsWith(`${what}:`)))
    .map(({ what, away }) => ({
      text:
        t`${what}: it does not bear the lab's mark (${MARK}). If it was the lab's: ${away}`,
      isOurs: false,
    }));
}

/** Without a journal nobody knows who turned a switch or added a rule. */
function unknown(
  written: Call["stages"],
  snapshot: Snapshot,
  wasThere: boolean,
): Left[] {
  const facts = adapt(written, { uplink: snapshot.uplink })
    .flatMap(({ facts }) => facts).filter((fact) => holds(fact, snapshot));
  const rules = facts.flatMap((fact) => "rule" in fact ? [fact] : []);
  const told = rules.map(({ table, rule }) =>
    t`\`${rule}\`: whose it is is not known. If it was the lab's: ${
      deletion(table, rule)
    }`
  );
  const forwards = facts.some((fact) => "forwarding" in fact);
  if (forwards && (wasThere || rules.length > 0)) {
    told.push(
      t`net.ipv4.ip_forward = 1: who set it is not known. If it was the lab: sysctl -w net.ipv4.ip_forward=0`,
    );
  }
  return told.map((text) => ({ text, isOurs: wasThere }));
}
