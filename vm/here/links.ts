/** The lab's links on this machine: the bridge and the veth pairs. */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { isNameOnly } from "../../lib/net/named.ts";
import { type Link, readNamespace } from "../../lib/net/namespace.ts";
import { linkMark } from "./mark.ts";
import type { Left } from "./removal.ts";
import type { Type } from "./removal.ts";
import { t } from "../../lib/cli/translate.ts";

/** How to know links again. */
export interface LinksNote {
  /** The kind of note. */
  what: "links";
  /** A bridge, or both ends of a veth pair. */
  names: string[];
  /** `bridge` or `veth`. */
  kind: string;
  /** No link had a higher index before: the kernel counts them up. */
  above: number;
  /** The index of each once it was made; 0 if it was not there. */
  indexes?: number[];
}

/**
 * The links of this machine, or of a named namespace. Throws a
 * {@linkcode Problem} if they cannot be read.
 */
export async function seeLinks(netns = ""): Promise<Link[]> {
  // What a killed `ip netns add` left has a name and nothing in it.
  if (netns && isNameOnly(netns)) return [];
  const enter = netns ? ["ip", "netns", "exec", netns] : [];
  const { links, unreadable } = await readNamespace(netns, enter);
  if (!unreadable) return links;
  throw new Problem(
    netns
      ? t`Cannot read namespace ${netns}: ${unreadable}.`
      : t`Cannot read this machine's network: ${unreadable}.`,
  );
}

/** Sees that the names are free. */
export async function reserve(
  names: string[],
  kind: string,
): Promise<LinksNote> {
  const there = await seeLinks();
  for (const link of there) {
    const name = [link.name, ...link.altnames]
      .find((each) => names.includes(each));
    if (name) throw inTheWay(name, link.name, link.kind);
  }
  const above = Math.max(...there.map(({ index }) => index));
  return { what: "links", names, kind, above };
}

/** What is said if a link of the machine has a name that the lab needs. */
export function inTheWay(name: string, link: string, kind = ""): Problem {
  const [called, remedy] = name === link
    ? [`${name}${kind && ` (${kind})`}`, `ip link del dev ${link}`]
    : [
      t`${link} that is also called ${name}`,
      `ip link property del dev ${link} altname ${name}`,
    ];
  return new Problem(
    t`This machine has a link ${called}, and the lab would make its own ${name}.`,
    t`If that is not needed: ${remedy}. Else use the sandbox: --on sandbox.`,
  );
}

/** Marks the links that are there, and writes down their indexes. */
export async function confirm(note: LinksNote): Promise<LinksNote | undefined> {
  const made = (await seeLinks()).filter((link) =>
    note.names.includes(link.name) && link.index > note.above &&
    link.kind === note.kind
  );
  if (made.length === 0) return undefined;
  const marking = made.map(({ name, index }) =>
    `link set dev ${name} alias ${linkMark(index)}\n`
  );
  const result = await run(["ip", "-batch", "-"], marking.join(""));
  if (result.code !== 0) {
    throw new Problem(
      t`Cannot mark ${note.names.join(" and ")}: ${whyFailed(result)}.`,
    );
  }
  const index = (name: string) =>
    made.find((link) => link.name === name)?.index ?? 0;
  return { ...note, indexes: note.names.map(index) };
}

/** Whether one of them is there, in this machine's own namespace. */
export async function isThere(note: LinksNote): Promise<boolean> {
  return (await seeLinks()).some((link) => isOurs(note, link));
}

/** Whether the note tells of this link. */
export function isOurs(
  { names, indexes, above }: LinksNote,
  { name, index }: { name: string; index: number },
): boolean {
  if (!names.includes(name)) return false;
  // Without indexes a killed command may have made it, and nobody else.
  return indexes ? indexes[names.indexOf(name)] === index : index > above;
}

/** Deletes the bridge, or one end of the pair and with it the other. */
export async function remove(note: LinksNote, type: Type): Promise<Left[]> {
  const { ours } = await seeNoted(note);
  if (ours.length > 0) await type(`ip link del dev ${ours[0].name}`);
  const now = await seeNoted(note);
  return [
    ...now.ours.map(({ name }) => ({
      text: t`Link ${name}: \`ip link del\` said nothing, and it is there.`,
      isOurs: true,
    })),
    ...now.others.map(({ name }) => ({
      text: t`Link ${name}: it was made anew by somebody else.`,
      isOurs: false,
    })),
  ];
}

/** The links that have a name of the note: those it tells of, and others. */
async function seeNoted(note: LinksNote) {
  const there = (await seeLinks()).filter(({ name }) =>
    note.names.includes(name)
  );
  const ours = there.filter((link) =>
    link.alias === linkMark(link.index) || isOurs(note, link)
  );
  return { ours, others: there.filter((link) => !ours.includes(link)) };
}
