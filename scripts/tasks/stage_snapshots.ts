/** The kernel's state after each stage, from a sandbox that nobody sees. */

import { EXIT, Problem } from "../../lib/cli/problem.ts";
import type { Snapshot } from "../../lib/net/snapshot.ts";
import { typed } from "../../lib/cli/typed.ts";
import { throwaway } from "../../vm/throwaway.ts";
import { t } from "../../lib/cli/translate.ts";

/** Builds the lab up to a stage and returns its state after every stage. */
export async function stageSnapshots(upTo: string): Promise<Snapshot[]> {
  await using lab = await throwaway();
  const script = "scripts/tasks/each_stage.ts";
  const { code, stdout, stderr } = await lab.script(script, [upTo]);
  if (code !== 0) {
    throw new Problem(
      t`Cannot build the lab up to ${upTo}: ${stderr.trim()}.`,
      t`See what is wrong with: ${typed(`stage:${upTo}`)}`,
      EXIT.blocked,
    );
  }
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}
