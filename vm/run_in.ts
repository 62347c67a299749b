/** Any program in the machine, as if typed there. */

import type { Call } from "../lib/task.ts";
import { findMachine } from "./machine.ts";

const ROOT = new URL("..", import.meta.url).pathname;

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
  const [program, ...args] = place.command(
    "sh",
    "-c",
    'unset LAB_MACHINE; cd "$0" && exec "$@"',
    ROOT,
    ...argv,
  );
  // Ctrl-C is the program's to answer.
  Deno.addSignalListener("SIGINT", () => {});
  const { code } = await new Deno.Command(program, {
    args,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code;
}
