/**
 * A sandbox for one question: fresh, and gone with whoever asked. It stays
 * alive only as long as a pipe of this process is open.
 *
 *     await using lab = await throwaway();
 *     await lab.task("stage:addr");
 *     const { stdout } = await lab.run("ip netns exec ns1 ip -brief addr");
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { type Result, run } from "../lib/cli/command.ts";
import type { Machine } from "../lib/lab/machine.ts";
import { denoArgs } from "./deno_args.ts";
import { fixPath, ROOT } from "./path.ts";
import { startThrowaway } from "./sandbox/make.ts";
import { sandboxCommand } from "./sandbox/find_sandbox.ts";
import { t } from "../lib/cli/translate.ts";

/** A sandbox that nobody else knows of. */
export interface Throwaway extends AsyncDisposable {
  /** Its holder's process id. */
  pid: number;
  /** Runs a command line inside, split on spaces, as root there. */
  run(line: string): Promise<Result>;
  /** Runs a program inside with these very arguments. */
  exec(argv: readonly string[], input?: string): Promise<Result>;
  /**
   * Runs a task inside, such as `stage:addr --json`, or by its words, with leave
   * for `needs` as well.
   */
  task(
    line: string | readonly string[],
    needs?: readonly string[],
  ): Promise<Result>;
  /** Runs a script of this checkout inside, with leave for `needs` as well. */
  script(
    path: string,
    args?: readonly string[],
    needs?: readonly string[],
  ): Promise<Result>;
}

/**
 * Makes one, with all that a PC and the internet have and nothing of the lab.
 * With `kind` the tasks believe to be on another kind of machine. Throws a
 * {@linkcode Problem} where no sandbox can be made.
 */
export async function throwaway(
  kind: Machine["kind"] = "sandbox",
): Promise<Throwaway> {
  fixPath();
  const { pid, uid, child } = await startThrowaway();
  const machine: Machine = { kind, name: "throwaway", pid, isNew: false };
  const exec = (argv: readonly string[], input?: string) =>
    run(sandboxCommand({ pid, uid }, argv), input);
  const script: Throwaway["script"] = (path, args = [], needs = []) =>
    exec([
      "env",
      `LAB_MACHINE=${JSON.stringify(machine)}`,
      "NO_COLOR=1",
      // After half a second it would look for a newer Deno, by the uplink.
      "DENO_NO_UPDATE_CHECK=1",
      Deno.execPath(),
      ...denoArgs(machine, `${ROOT}${path}`, needs),
      ...args,
    ]);
  return {
    pid,
    exec,
    script,
    run: (line) => exec(line.split(" ")),
    async task(line, needs) {
      const [name, ...args] = typeof line === "string" ? line.split(" ") : line;
      const [path, ...words] = scriptOf(name);
      return await script(path, [...words, ...args], needs);
    },
    async [Symbol.asyncDispose]() {
      await child.stdin.abort();
      await child.stdout.cancel().catch(() => {});
      await child.stderr.cancel();
      await child.status;
    },
  };
}

/** The script that a task of deno.json starts, and the words it is given. */
function scriptOf(task: string): string[] {
  const tasks: Record<string, { command: string }> = config.tasks;
  const words = tasks[task]?.command.match(/\S+\.ts.*/)?.[0];
  if (!words) throw new Error(t`There is no task ${task} in deno.json.`);
  return words.split(" ");
}
