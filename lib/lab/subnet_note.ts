/** A lab remembers its subnet, so that later commands need not repeat it. */

import { readNote, writeNote } from "./notes_folder.ts";
import { Problem } from "../cli/problem.ts";
import { PRINTED_SUBNET, readPrefix, type Subnet } from "../course/subnet.ts";
import { t } from "../cli/translate.ts";

const NOTE = "subnet";

/** The subnet that this machine's lab was put on, if it was put anywhere. */
export function notedSubnet(): Subnet | undefined {
  return readPrefix(readNote(NOTE)?.trim() ?? "");
}

/** Remembers the lab's subnet. */
export function noteSubnet({ text }: Subnet): void {
  if ((notedSubnet() ?? PRINTED_SUBNET).text === text) return;
  try {
    writeNote(NOTE, `${text}\n`);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(
      t`Cannot write down the lab's subnet: ${(error as Error).message}.`,
      t`Nothing was run. Make room there, or use the subnet of the pages.`,
    );
  }
}
