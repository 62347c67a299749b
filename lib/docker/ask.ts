/** Asks an engine through its own client, and changes nothing. */

import { ownWords, run } from "../cli/command.ts";
import { Problem } from "../cli/problem.ts";
import type { Engine } from "../net/engines.ts";

/** What an engine tells, of which every version knows other fields. */
// deno-lint-ignore no-explicit-any
export type Json = Record<string, any>;

/** What the client prints. Throws a {@linkcode Problem} with its own words. */
export async function ask(client: Engine, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run([client, ...args]);
  if (code === 0) return stdout;
  throw new Problem(`\`${client} ${args[0]}\`: ${ownWords(stderr)}.`);
}

/** The same, where it prints a list. */
export async function askList(client: Engine, args: string[]): Promise<Json[]> {
  return JSON.parse(await ask(client, args)) as Json[];
}
