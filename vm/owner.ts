/**
 * As whom the host's side works. Root in somebody else's checkout, as by sudo,
 * works as that somebody: what is kept stays his, his sandboxes are found, and
 * nothing is done with rights that it does not take.
 */

import { launch } from "./launch.ts";
import { NOWHERE } from "./find_machine.ts";
import { ROOT } from "./path.ts";
import { isRoot } from "./sandbox/rights.ts";

/** See `/proc/sys/fs/overflowuid`, in proc_sys_fs(5). */
const UNKNOWN = 65534;

/** The user of a checkout. */
export interface Owner {
  /** His user id. */
  uid: number;
  /** The group of his files. */
  gid: number;
  /** His name; undefined for a user whom passwd(5) does not know. */
  name?: string;
  /** His home folder, where he has one. */
  home?: string;
}

/** Whose checkout this is, if we are root and he is not. */
export function findOwner(): Owner | undefined {
  if (!isRoot()) return undefined;
  const { uid, gid } = Deno.statSync(ROOT);
  // In a namespace that does not know him, it is this number for whoever he is.
  if (!uid || uid === UNKNOWN) return undefined;
  const known = passwd().map((line) => line.split(":"))
    .find(([, , id]) => id === `${uid}`);
  if (!known) return { uid, gid: gid ?? uid };
  return { uid, gid: Number(known[3]), name: known[0], home: known[5] };
}

function passwd(): string[] {
  try {
    return Deno.readTextFileSync("/etc/passwd").split("\n");
  } catch {
    return [];
  }
}

/** What root has made in somebody's checkout is his. */
export function giveToOwner(path: string): void {
  const owner = findOwner();
  if (owner) Deno.chownSync(path, owner.uid, owner.gid);
}

/**
 * Runs a command line as the owner, as if he had typed it, with `env` added to
 * its environment. Its exit code.
 */
export function runAsOwner(
  { uid, gid, name, home }: Owner,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  // What is root's own is none of his.
  for (const root of ["DENO_DIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"]) {
    Deno.env.delete(root);
  }
  const groups = name ? "--init-groups" : "--clear-groups";
  const drop = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, groups, "--"];
  return launch({ ...NOWHERE, command: (argv) => [...drop, ...argv] }, argv, {
    ...env,
    HOME: home ?? "/",
    USER: name ?? `${uid}`,
    LOGNAME: name ?? `${uid}`,
  });
}
