/** The lab's network namespaces on this machine. */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { isNameOnly } from "../../lib/net/named.ts";
import type { Link } from "../../lib/net/namespace.ts";
import { seeLinks } from "./links.ts";
import { linkMark, netnsMark } from "./mark.ts";
import type { Left } from "./removal.ts";
import type { Type } from "./removal.ts";
import { t } from "../../lib/cli/translate.ts";

/** How to know a namespace again. */
export interface NetnsNote {
  /** The kind of note. */
  what: "netns";
  /** Its name. */
  name: string;
  /** The namespace's inode, and since when it has its name (ms). */
  inode?: number;
  /** Inodes are used again; an inode and its time are not. */
  born?: number;
}

/** `ip netns` keeps its names here, see ip-netns(8). */
const FOLDER = "/run/netns";

/** Sees that the name is free. */
export function reserve(name: string): NetnsNote {
  if (identity(name)) throw inTheWay(name);
  return { what: "netns", name };
}

/** What is said if a namespace of the machine has a name that the lab needs. */
export function inTheWay(name: string): Problem {
  return new Problem(
    t`This machine has a network namespace ${name}, and the lab would make its own ${name}.`,
    t`If that is not needed: ip netns del ${name}. Else use the sandbox: --on sandbox.`,
  );
}

/** Whether the namespace of this name is the one of the note. */
export function isThat(note: NetnsNote): boolean {
  const now = identity(note.name);
  if (now === undefined) return false;
  // Without an inode a killed command may have made it, and nobody else. But a
  // name is what a killed `ip netns del` leaves.
  return note.inode === undefined || isNameOnly(note.name) ||
    now.inode === note.inode && now.born === note.born;
}

/** Marks it, by its lo, and writes down its identity. */
export async function confirm(note: NetnsNote): Promise<NetnsNote | undefined> {
  const { name } = note;
  const now = identity(name);
  if (!now) return undefined;
  // What a killed `ip netns add` left has a name, and no lo.
  if (!isNameOnly(name)) {
    const mark = netnsMark(now.inode);
    const result = await run(
      ["ip", "-n", name, "link", "set", "dev", "lo", "alias", mark],
    );
    if (result.code !== 0) {
      throw new Problem(
        t`Cannot mark namespace ${name}: ${whyFailed(result)}.`,
      );
    }
  }
  return { ...note, ...now };
}

/** Deletes it, unless there is something in it that is not of the lab. */
export async function remove(note: NetnsNote, type: Type): Promise<Left[]> {
  const { name } = note;
  if (!identity(name)) return [];
  const links = await seeLinks(name);
  if (!isThat(note) && !isMarked(name, links)) {
    const text = t`Namespace ${name}: it was made anew by somebody else.`;
    return [{ text, isOurs: false }];
  }
  const guest = guestAmong(links);
  if (guest) {
    return [{
      text:
        t`Namespace ${name}: ${guest} in it is not the lab's, and would go with it. To end both: ip netns del ${name}`,
      isOurs: true,
    }];
  }
  const pids = await pidsIn(name);
  await type(`ip netns del ${name}`);
  if (isThat(note)) {
    const text =
      t`Namespace ${name}: \`ip netns del\` said nothing, and it is there.`;
    return [{ text, isOurs: true }];
  }
  return pids.length === 0 ? [] : [{
    text:
      t`Namespace ${name} has lost its name, but lives until what runs in it ends: process ${
        pids.join(", ")
      }.`,
    isOurs: true,
  }];
}

/** Throws a {@linkcode Problem} if somebody else's link would go with it. */
export async function checkRemovable(name: string): Promise<void> {
  const guest = guestAmong(await seeLinks(name));
  if (!guest) return;
  throw new Problem(
    t`Namespace ${name} stays: ${guest} in it is not the lab's, and would go with it.`,
    t`If that is fine, type: ip netns del ${name}`,
  );
}

/** The name of a link in the namespace that the lab did not make. */
function guestAmong(links: Link[]): string | undefined {
  return links.find(({ name, index, alias }) =>
    alias !== linkMark(index) && !COMES_BY_ITSELF.test(name)
  )?.name;
}

/** Whether these are the links of a namespace of this name that the lab made. */
export function isMarked(name: string, links: Link[]): boolean {
  const inode = identity(name)?.inode;
  return inode !== undefined &&
    links.some(({ name, alias }) =>
      name === "lo" && alias === netnsMark(inode)
    );
}

/**
 * Every namespace is born with these, some only where a module is loaded: see
 * fb_tunnels_only_for_init_net in the kernel's admin-guide/sysctl/net.rst.
 */
const COMES_BY_ITSELF =
  /^(lo|tunl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|sit0|ip6tnl0|ip6gre0)$/;

async function pidsIn(name: string): Promise<string[]> {
  if (isNameOnly(name)) return [];
  const result = await run(["ip", "netns", "pids", name]);
  if (result.code !== 0) {
    throw new Problem(t`\`ip netns pids ${name}\`: ${whyFailed(result)}.`);
  }
  return result.stdout.match(/^\d+$/gm) ?? [];
}

function identity(name: string): { inode: number; born: number } | undefined {
  try {
    const { ino, mtime } = Deno.statSync(`${FOLDER}/${name}`);
    return { inode: ino ?? 0, born: mtime?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
