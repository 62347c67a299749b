/** What keeps a lab from being built on a machine that is not ours alone. */

import type { Admission } from "../../lib/lab/guard.ts";
import { checkFree } from "../../lib/lab/overlap.ts";
import { Problem } from "../../lib/cli/problem.ts";
import type { Link, Namespace } from "../../lib/net/namespace.ts";
import type { Stage } from "../../lib/course/stage.ts";
import type { Journal } from "./journal.ts";
import * as links from "./links.ts";
import { linkMark } from "./mark.ts";
import * as netns from "./netns.ts";
import { reached } from "./reached.ts";
import { t } from "../../lib/cli/translate.ts";

/**
 * Throws a {@linkcode Problem} that names both parties if a name of the lab is
 * somebody else's, or if there is no way out, or if the lab's subnet is taken.
 */
export async function checkAdmission(
  { stages, target, subnet, snapshot }: Admission,
  journal: Journal,
): Promise<void> {
  const { machine, named, uplink } = snapshot;
  const names = labNames(stages);
  for (const link of machine.links) {
    const name = [link.name, ...link.altnames]
      .find((each) => names.links.includes(each));
    if (name && !isOurLink(link, journal)) {
      throw links.inTheWay(name, link.name, link.kind);
    }
  }
  for (const each of named) {
    if (names.netns.includes(each.name) && !isOurNetns(each, journal)) {
      throw netns.inTheWay(each.name);
    }
  }
  if (!target) return;
  if (!uplink) {
    throw new Problem(
      t`This machine has no default route, so the lab would have no way to 8.8.8.8.`,
      t`Connect it first (\`ip route\` shows its routes), or use the sandbox: --on sandbox.`,
    );
  }
  const isOurs = (link: Link) => isOurLink(link, journal);
  checkFree(subnet, snapshot, isOurs, await reached());
}

/** The names that the stages give. */
export function labNames(
  stages: readonly Stage[],
): { links: string[]; netns: string[] } {
  const facts = stages.flatMap(({ facts }) => facts);
  return {
    netns: facts.flatMap((fact) => "netns" in fact ? fact.netns : []),
    links: facts.flatMap((fact) =>
      "kind" in fact ? fact.link : "peer" in fact ? [fact.link, fact.peer] : []
    ),
  };
}

/** Whether the lab made this link of the machine. */
function isOurLink(link: Link, journal: Journal): boolean {
  return link.alias === linkMark(link.index) ||
    journal.entries().some(({ note }) =>
      note.what === "links" && links.isOurs(note, link)
    );
}

/** Whether the lab made this namespace. */
function isOurNetns({ name, links }: Namespace, journal: Journal): boolean {
  const note = journal.find(`netns ${name}`)?.note;
  return note?.what === "netns" && netns.isThat(note) ||
    netns.isMarked(name, links);
}
