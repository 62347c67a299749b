/** Typing a command line that belongs to no stage. */

import { run, whyFailed } from "../../lib/command.ts";
import { Problem } from "../../lib/problem.ts";
import { say } from "../../lib/terminal.ts";

/** Runs a command line; throws a {@linkcode Problem} if it fails. */
export async function quietly(line: string): Promise<void> {
  const result = await run(line.split(" "));
  if (result.code === 0) return;
  throw new Problem(`\`${line}\`: ${whyFailed(result)}.`);
}

/** The same, and shows it first. */
export async function aloud(line: string): Promise<void> {
  say(`  $ ${line}`);
  await quietly(line);
}
