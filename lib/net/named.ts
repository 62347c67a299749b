/** The names that ip-netns(8) keeps of network namespaces. */

import { exists } from "../cli/files.ts";

/** A file for each, which the namespace is mounted on. */
const FOLDER = "/run/netns";

/** With more names than so many, only those are read that a question is about. */
export const MANY = 32;

/** All names, in order; none where nobody has made one. */
export function namespaceNames(): string[] {
  try {
    return [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Whether there is such a name. */
export function isNamed(name: string): boolean {
  return exists(`${FOLDER}/${name}`);
}

/**
 * Whether there is but the name: `ip netns add` makes a file first, and mounts
 * the namespace on it then.
 */
export function isNameOnly(name: string): boolean {
  try {
    return Deno.statSync(`${FOLDER}/${name}`).dev === Deno.statSync(FOLDER).dev;
  } catch {
    return false;
  }
}

/** What the kernel numbers the named namespaces. */
export function namespaceInodes(): number[] {
  return namespaceNames().flatMap((name) => {
    try {
      return Deno.statSync(`${FOLDER}/${name}`).ino ?? [];
    } catch {
      return []; // Somebody has deleted it since.
    }
  });
}
