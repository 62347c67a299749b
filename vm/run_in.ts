/** Any program in the machine, as if typed there. */

import { run } from "../lib/cli/command.ts";
import { Problem } from "../lib/cli/problem.ts";
import type { Call } from "../lib/task/task.ts";
import { launch } from "./launch.ts";
import { findMachine } from "./find_machine.ts";
import { t } from "../lib/cli/translate.ts";

/**
 * Runs a program in the machine that the flags name, in the checkout's folder
 * and with the terminal passed through. Returns its exit code.
 */
export async function runIn(
  flags: Call["flags"],
  argv: readonly string[],
): Promise<number> {
  const place = await open(flags);
  return await launch(place, asTyped(place.root, argv));
}

/** The same for a question to the machine: returns what the program answers. */
export async function askIn(
  flags: Call["flags"],
  argv: readonly string[],
): Promise<string> {
  const place = await open(flags);
  const line = place.command(asTyped(place.root, argv), {});
  const { code, stdout, stderr } = await run(line);
  if (code === 0) return stdout;
  throw new Problem(t`Cannot look into the machine: ${stderr.trim()}.`);
}

async function open({ on, name }: Call["flags"]) {
  return await findMachine("machine", on as string, name as string);
}

/** What we tell our own scripts by the environment is not for others. */
function asTyped(root: string, argv: readonly string[]): string[] {
  const script = 'unset LAB_MACHINE INIT_CWD; cd "$0" && exec "$@"';
  return ["sh", "-c", script, root, ...argv];
}
