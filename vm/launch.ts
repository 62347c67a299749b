/** Starts a program in a machine, as if typed there, and waits for its end. */

import { cannotStart } from "../lib/cli/command.ts";
import { Problem } from "../lib/cli/problem.ts";
import type { MachinePlace } from "./machine_place.ts";
import { passSignalsOn } from "./signals.ts";
import { t } from "../lib/cli/translate.ts";

/**
 * Runs a program in the machine with the terminal passed through. Ctrl-C is
 * the program's to answer. Returns its exit code.
 */
export async function launch(
  place: MachinePlace,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  while (true) {
    const code = await start(place, argv, env);
    if (code === KILLED && await place.isGone?.()) {
      throw new Problem(
        t`The sandbox "${place.machine.name}" was ended while this ran.`,
        t`Type the same again, and a new one is made.`,
      );
    }
    if (!await place.isUndone?.(code)) return code;
  }
}

/** The exit code of what SIGKILL ended: 128 and the signal's number. */
const KILLED = 137;

async function start(
  place: MachinePlace,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const [program, ...args] = place.command(argv, env);
  try {
    const child = new Deno.Command(program, {
      args,
      env,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
      // Out of the terminal's reach, where Ctrl-C takes another way.
      detached: place.interrupt !== undefined,
    }).spawn();
    using _listening = passSignalsOn(child, place);
    return (await child.status).code;
  } catch (error) {
    throw cannotStart(program, error);
  }
}
