/**
 * Where a machine keeps what it must know of its lab: gone with a reboot, and
 * written by root alone. What anybody else could have put there is not believed.
 */

import { flawOf } from "./lock.ts";
import { Problem } from "../cli/problem.ts";
import { t } from "../cli/translate.ts";

/** The folder. */
export const NOTES = "/run/docker0-by-hand";

/** More than any note needs. */
const MOST_BYTES = 1 << 20;

/**
 * What the note of this name says; undefined if there is none. Throws a
 * {@linkcode Problem} if it is not as we leave one.
 */
export function readNote(name: string): string | undefined {
  const folder = lookAt(NOTES);
  if (!folder) return undefined;
  if (!folder.isDirectory) throw odd(NOTES, t`is no folder`);
  // Of its other flaws a folder can have the same as a file.
  const flaw = flawOf(
    { ...folder, isDirectory: false, isFile: true },
    Infinity,
  );
  if (flaw) throw odd(NOTES, flaw);
  const path = `${NOTES}/${name}`;
  const file = lookAt(path);
  if (!file) return undefined;
  const itsFlaw = flawOf(file, MOST_BYTES);
  if (itsFlaw) throw odd(path, itsFlaw);
  return Deno.readTextFileSync(path);
}

/** Writes it anew, so that whoever reads it finds all of it or the old one. */
export function writeNote(name: string, text: string): void {
  readNote(name); // Not into somebody else's.
  Deno.mkdirSync(NOTES, { recursive: true, mode: 0o700 });
  const path = `${NOTES}/${name}`;
  Deno.writeTextFileSync(`${path}.new`, text, { mode: 0o600 });
  Deno.renameSync(`${path}.new`, path);
}

/** Removes all that the machine remembers of its lab. */
export function removeNotes(): void {
  try {
    Deno.removeSync(NOTES, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Of a link itself, not of what it points to. */
function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw odd(path, t`cannot be looked at (${(error as Error).message})`);
  }
}

function odd(path: string, flaw: string): Problem {
  return new Problem(
    t`The lab's notes in ${path} cannot be trusted: it ${flaw}.`,
    t`Look at it as root (ls -ld ${path}). If nobody needs it: rm -r ${NOTES}`,
  );
}
