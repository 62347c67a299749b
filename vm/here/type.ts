/** Typing a command line that belongs to no stage. */

import { ownWords, run } from "../../lib/command.ts";
import { Problem } from "../../lib/problem.ts";
import { say } from "../../lib/terminal.ts";

/** Runs a command line; throws a {@linkcode Problem} if it fails. */
export async function quietly(line: string): Promise<void> {
  const { code, stderr } = await run(line.split(" "));
  if (code !== 0) throw new Problem(`\`${line}\`: ${ownWords(stderr)}.`);
}

/** The same, and shows it first. */
export async function aloud(line: string): Promise<void> {
  say(`  $ ${line}`);
  await quietly(line);
}
