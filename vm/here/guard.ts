/**
 * The guard of a machine that is not ours alone: keeps the journal, and lets
 * nothing be run that would touch what the lab did not make.
 */

import type { Admission, Guard } from "../../lib/lab/guard.ts";
import { Problem } from "../../lib/cli/problem.ts";
import type { Step } from "../../lib/course/stage.ts";
import { tell } from "../../lib/cli/terminal.ts";
import { checkAdmission } from "./admission.ts";
import { warnings } from "./firewall.ts";
import { restoreRest } from "./forwarding.ts";
import { cannotRead, type Journal, openJournal } from "./journal.ts";
import {
  checkRemovable,
  confirm,
  isThere,
  keyOfFact,
  type Note,
  reserve,
} from "./notes.ts";
import { removeTable } from "./rule.ts";
import { typeQuietly } from "./type_line.ts";
import { t } from "../../lib/cli/translate.ts";

/** Watches over this machine. Throws a {@linkcode Problem} unless we are root. */
export function openGuard(): Guard {
  if (Deno.uid() !== 0) {
    throw new Problem(
      t`Cannot look after this machine's network: that takes root.`,
      t`Type the same as root (sudo), or use the sandbox: --on sandbox.`,
    );
  }
  return new HereGuard();
}

class HereGuard implements Guard {
  #journal!: Journal;

  async settle(): Promise<void> {
    this.#journal = await readJournal();
    await settle(this.#journal);
  }

  async admit(visit: Admission): Promise<void> {
    // Whoever only asks what would be run does not settle first.
    this.#journal ??= await readJournal();
    await checkAdmission(visit, this.#journal);
    for (const line of await warnings(visit)) tell(line);
  }

  keeps({ fact, undo }: Step): string | undefined {
    const key = keyOfFact(fact);
    if (key === undefined || !("forwarding" in fact || "rule" in fact)) return;
    if (this.#journal.find(key)) return undefined;
    return t`Not taken back, since it was so before the lab:\n  $ ${undo}`;
  }

  async before({ fact }: Step, back: boolean): Promise<void> {
    const key = keyOfFact(fact);
    if (key === undefined) return;
    const known = this.#journal.find(key)?.note;
    if (back) {
      if (known) await checkRemovable(known);
      return;
    }
    // Somebody may have taken it away by hand meanwhile.
    if (known && await isThere(known)) return;
    const note = await reserve(fact);
    if (note) this.#journal.write("making", note);
  }

  async after({ fact }: Step, back: boolean, worked: boolean): Promise<void> {
    const key = keyOfFact(fact);
    const entry = key === undefined ? undefined : this.#journal.find(key);
    if (!entry) return;
    const { note } = entry;
    if (back) {
      if (!worked) return;
      if (note.what === "forwarding") await restoreRest(note, typeQuietly);
      if (note.what === "rule") await removeTable(note);
      this.#journal.forget(note);
    } else if (entry.state === "making") {
      // Also where the step failed: it may have done its work before that.
      await look(this.#journal, note, worked);
    }
  }
}

/** Throws a {@linkcode Problem} where nobody could build on it. */
async function readJournal(): Promise<Journal> {
  const journal = await openJournal();
  if (journal.broken) throw cannotRead(journal.broken);
  return journal;
}

/**
 * Looks whether what was announced is there, and writes that down. Where one
 * cannot look, it stays announced: the next command looks again.
 *
 * @param worked whether the step did: else that is what to tell.
 */
async function look(
  journal: Journal,
  note: Note,
  worked = true,
): Promise<void> {
  let made: Note | undefined;
  try {
    made = await confirm(note);
  } catch (error) {
    if (!worked && error instanceof Problem) return;
    throw error;
  }
  if (made) journal.write("made", made);
  else journal.forget(note);
}

/**
 * Finishes what a killed command left unclear: what it had announced is there,
 * and ours since the name was free, or it is not.
 */
export async function settle(journal: Journal): Promise<void> {
  for (const { state, note } of journal.entries()) {
    if (state === "making") await look(journal, note);
  }
}
