/**
 * A sandbox for one test: fresh, and gone with the test however that ends. It
 * stays alive only as long as a pipe of this process is open.
 *
 *     await using lab = await throwaway();
 *     await lab.task("stage:addr");
 *     const { stdout } = await lab.run("ip netns exec ns1 ip -brief addr");
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { type Result, run } from "../lib/command.ts";
import type { Snapshot } from "../lib/snapshot.ts";
import type { Machine } from "../lib/task.ts";
import { denoArgs } from "../vm/enter.ts";
import { fixPath } from "../vm/path.ts";
import { sandboxCommand, startSandbox } from "../vm/sandbox.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** A sandbox that lives for one test. */
export interface Throwaway extends AsyncDisposable {
  /** Its holder's process id. */
  pid: number;
  /** Runs a command line inside, split on spaces, as root there. */
  run(line: string): Promise<Result>;
  /** Runs a program inside with these very arguments. */
  exec(argv: readonly string[], input?: string): Promise<Result>;
  /** Runs a task inside, such as `stage:addr --json`. */
  task(line: string): Promise<Result>;
  /** The kernel's state. */
  snapshot(): Promise<Snapshot>;
}

/**
 * Makes one, with all that a PC and the internet have and nothing of the lab.
 * With `kind` the tasks believe to be on another kind of machine.
 */
export async function throwaway(
  kind: Machine["kind"] = "sandbox",
): Promise<Throwaway> {
  fixPath();
  const folder = await Deno.makeTempDir({ prefix: "lab-test-" });
  const { pid, ready, child } = await startSandbox(`${folder}/state`);
  await ready;
  const machine: Machine = { kind, name: "test", pid, isNew: false };
  const exec = (argv: readonly string[], input?: string) =>
    run(sandboxCommand({ pid }, argv), input);
  const script = (path: string, args: string[], needs: string[] = []) =>
    exec([
      "env",
      `LAB_MACHINE=${JSON.stringify(machine)}`,
      "NO_COLOR=1",
      Deno.execPath(),
      ...denoArgs(machine, `${ROOT}${path}`, needs),
      ...args,
    ]);
  return {
    pid,
    exec,
    run: (line) => exec(line.split(" ")),
    async task(line) {
      const [name, ...args] = line.split(" ");
      const path = scriptOf(name);
      const { task } = await import(`../${path}`);
      return await script(path, args, task?.needs);
    },
    async snapshot() {
      const { code, stdout, stderr } = await script(
        "tests/print_snapshot.ts",
        [],
      );
      assertEquals([code, stderr], [0, ""], "print_snapshot.ts");
      return JSON.parse(stdout);
    },
    async [Symbol.asyncDispose]() {
      await child.stdin.abort();
      await child.stdout.cancel().catch(() => {});
      await child.stderr.cancel();
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The script that a task of deno.json starts. */
function scriptOf(task: string): string {
  const tasks: Record<string, { command: string }> = config.tasks;
  const script = tasks[task]?.command.split(" ").at(-1);
  if (!script) throw new Error(`There is no task ${task} in deno.json.`);
  return script;
}
