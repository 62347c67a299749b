/** The state of the machine that a command line names, asked from outside. */

import config from "../deno.json" with { type: "json" };
import { EXIT } from "../lib/cli/problem.ts";
import type { Snapshot } from "../lib/net/snapshot.ts";
import { type Call, COMMON } from "../lib/task/task.ts";
import { type Machine } from "../lib/lab/machine.ts";
import { denoItself } from "./path.ts";

/**
 * Asks the task `snapshot`, which goes into the machine. Where that fails it
 * has said why, and this process ends with its exit code.
 */
export async function snapshotOf(
  flags: Call["flags"],
): Promise<{ machine: Machine; snapshot: Snapshot }> {
  const given = Object.keys(COMMON).flatMap((name) =>
    flags[name] ? [`--${name}=${flags[name]}`] : []
  );
  const [_deno, ...words] = config.tasks.snapshot.command.split(" ");
  const [program, ...args] = [...denoItself(), ...words, ...given];
  const { code, stdout } = await new Deno.Command(program, {
    args,
    cwd: new URL("..", import.meta.url),
    // It is to find the machine itself.
    env: { LAB_MACHINE: "" },
    stdin: "null",
    stderr: "inherit",
  }).output();
  // Deno itself ends with 1 where it cannot run a script.
  if (code !== 0) Deno.exit(code === EXIT.differs ? EXIT.blocked : code);
  return JSON.parse(new TextDecoder().decode(stdout));
}
