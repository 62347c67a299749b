/** With whose rights sandboxes are made and entered: never with root's. */

import { pathOf, ROOT, STATE } from "../path.ts";

/**
 * The user of the sandboxes that root makes. Of the numbers that are nobody's
 * on any distribution, and that containers know as well.
 */
export const UNPRIVILEGED = 65531;

/** Whether we are root, here or in a namespace. */
export function isRoot(): boolean {
  return Deno.build.os === "linux" && Deno.uid() === 0;
}

/** A command line, run with the rights of this user. */
export function withRightsOf(uid: number, argv: readonly string[]): string[] {
  if (uid === Deno.uid()) return [...argv];
  const drop = ["setpriv", `--reuid=${uid}`, `--regid=${uid}`];
  return [...drop, "--clear-groups", "env", `DENO_DIR=${CACHE}`, ...argv];
}

/**
 * Where Deno keeps what it has compiled for that user. He may not write to
 * root's own, and without any it would compile all at every start.
 */
const CACHE = `${STATE}/cache`;

const SCRIPT = pathOf(new URL("./unprivileged.sh", import.meta.url));

/**
 * A command line, run without root's rights and with all that a sandbox needs
 * of the host: see unprivileged.sh. As anybody but root: the command line.
 */
export function unprivileged(argv: readonly string[]): string[] {
  if (!isRoot()) return [...argv];
  const paths = [ROOT.slice(0, -1), Deno.execPath(), CACHE];
  const start = ["unshare", "--mount", "sh", SCRIPT, `${UNPRIVILEGED}`];
  return [...start, rootsCache(), ...paths, "--", ...argv];
}

/** Where Deno keeps the packages that it has fetched for root. */
function rootsCache(): string {
  const { DENO_DIR, XDG_CACHE_HOME, HOME } = Deno.env.toObject();
  return DENO_DIR || `${XDG_CACHE_HOME || `${HOME ?? "/root"}/.cache`}/deno`;
}
