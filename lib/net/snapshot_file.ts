/** What `deno task snapshot` wrote, perhaps elsewhere. */

import { callersPath } from "../cli/callers_file.ts";
import { EXIT, Problem, wordsOf } from "../cli/problem.ts";
import type { Snapshot } from "./snapshot.ts";
import { typed } from "../cli/typed.ts";
import { t } from "../cli/translate.ts";

/** Of the JSON that `snapshot` prints; one more where its shape changes. */
export const SNAPSHOT_FORMAT = 2;

/** Reads the snapshot in a file, `-` for standard input. */
export async function readSnapshot(file: string): Promise<Snapshot> {
  const text = await readText(file);
  try {
    const { format, snapshot } = JSON.parse(text);
    if (
      format === SNAPSHOT_FORMAT &&
      snapshot.machine.links && snapshot.named && snapshot.rules
    ) return snapshot;
  } catch {
    // Said below.
  }
  throw new Problem(
    t`Cannot use ${file}: it is no snapshot of this version.`,
    t`Write one with: ${typed("snapshot > FILE")}`,
    EXIT.usage,
  );
}

async function readText(file: string): Promise<string> {
  try {
    return file === "-"
      ? await new Response(Deno.stdin.readable).text()
      : await Deno.readTextFile(callersPath(file));
  } catch (error) {
    throw new Problem(t`Cannot read ${file}: ${wordsOf(error)}.`);
  }
}
