/** Typing a command line that belongs to no stage. */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { say } from "../../lib/cli/terminal.ts";

/** Runs a command line; throws a {@linkcode Problem} if it fails. */
export async function typeQuietly(line: string): Promise<void> {
  const result = await run(line.split(" "));
  if (result.code === 0) return;
  throw new Problem(`\`${line}\`: ${whyFailed(result)}.`);
}

/** The same, and shows it first. */
export async function typeAloud(line: string): Promise<void> {
  say(`  $ ${line}`);
  await typeQuietly(line);
}
