/** Any program in the machine, as if typed there. */

import type { Call } from "../lib/task.ts";
import { launch } from "./launch.ts";
import { findMachine } from "./machine.ts";

/**
 * Runs a program in the machine that the flags name, in the checkout's folder
 * and with the terminal passed through. Returns its exit code.
 */
export async function runIn(
  { on, name }: Call["flags"],
  argv: readonly string[],
): Promise<number> {
  const place = await findMachine("machine", on as string, name as string);
  await place.ready;
  return await launch(place, [
    "sh",
    "-c",
    'unset LAB_MACHINE; cd "$0" && exec "$@"',
    place.root,
    ...argv,
  ]);
}
