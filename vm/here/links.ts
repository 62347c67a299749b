/** The lab's links on this machine: the bridge and the veth pairs. */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { runJson } from "../../lib/cli/json.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { isNameOnly } from "../../lib/net/named.ts";
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

/** What `ip -j -d link show` says of a link, in iproute2's own names. */
export interface SeenLink {
  /** Its index. */
  ifindex: number;
  /** Its name. */
  ifname: string;
  /** What `ip link set … alias` wrote. */
  ifalias?: string;
  /** Other names that it answers to. */
  altnames?: string[];
  /** Its kind, where it has one. */
  linkinfo?: { info_kind?: string };
}

/**
 * The links of this machine, or of a named namespace. Throws a
 * {@linkcode Problem} if they cannot be read.
 */
export async function seeLinks(netns?: string): Promise<SeenLink[]> {
  // What a killed `ip netns add` left has a name and nothing in it.
  if (netns && isNameOnly(netns)) return [];
  const where = netns ? `-n ${netns} ` : "";
  const links = await runJson<SeenLink[]>(`ip ${where}-j -d link show`);
  // Some versions print an empty object for what was filtered out.
  return links.filter(({ ifname }) => ifname);
}

/** Sees that the names are free. */
export async function reserve(
  names: string[],
  kind: string,
): Promise<LinksNote> {
  const there = await seeLinks();
  for (const link of there) {
    const name = [link.ifname, ...link.altnames ?? []]
      .find((each) => names.includes(each));
    if (name) throw inTheWay(name, link.ifname, link.linkinfo?.info_kind);
  }
  const above = Math.max(...there.map(({ ifindex }) => ifindex));
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
    note.names.includes(link.ifname) && link.ifindex > note.above &&
    link.linkinfo?.info_kind === note.kind
  );
  if (made.length === 0) return undefined;
  const marking = made.map(({ ifname, ifindex }) =>
    `link set dev ${ifname} alias ${linkMark(ifindex)}\n`
  );
  const result = await run(["ip", "-batch", "-"], marking.join(""));
  if (result.code !== 0) {
    throw new Problem(
      t`Cannot mark ${note.names.join(" and ")}: ${whyFailed(result)}.`,
    );
  }
  const index = (name: string) =>
    made.find(({ ifname }) => ifname === name)?.ifindex ?? 0;
  return { ...note, indexes: note.names.map(index) };
}

/** Whether one of them is there, in this machine's own namespace. */
export async function isThere(note: LinksNote): Promise<boolean> {
  return (await seeLinks()).some((link) =>
    isOurs(note, { name: link.ifname, index: link.ifindex })
  );
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
  if (ours.length > 0) await type(`ip link del dev ${ours[0].ifname}`);
  const now = await seeNoted(note);
  return [
    ...now.ours.map(({ ifname }) => ({
      text: t`Link ${ifname}: \`ip link del\` said nothing, and it is there.`,
      isOurs: true,
    })),
    ...now.others.map(({ ifname }) => ({
      text: t`Link ${ifname}: it was made anew by somebody else.`,
      isOurs: false,
    })),
  ];
}

/** The links that have a name of the note: those it tells of, and others. */
async function seeNoted(note: LinksNote) {
  const there = (await seeLinks()).filter(({ ifname }) =>
    note.names.includes(ifname)
  );
  const ours = there.filter(({ ifname: name, ifindex: index, ifalias }) =>
    ifalias === linkMark(index) || isOurs(note, { name, index })
  );
  return { ours, others: there.filter((link) => !ours.includes(link)) };
}
