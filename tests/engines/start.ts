/** Starts the tasks that ask an engine, in a sandbox. */

import type { Task } from "../../lib/task/task.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { task as inspectTask } from "../../scripts/tasks/inspect-docker.ts";
import { denoArgs } from "../../vm/deno_args.ts";
import { ROOT, type Throwaway } from "../throwaway.ts";

/** Runs a script in the sandbox as the entry does, for this kind of machine. */
export async function start(
  lab: Throwaway,
  kind: Machine["kind"],
  script: string,
  { needs }: Pick<Task, "needs">,
  words: string[],
  ...env: string[]
) {
  const machine = { kind, name: "test", pid: lab.pid, isNew: false };
  return await lab.exec([
    "env",
    `LAB_MACHINE=${JSON.stringify(machine)}`,
    ...env,
    Deno.execPath(),
    ...denoArgs(machine, `${ROOT}${script}`, needs),
    ...words,
  ]);
}

/** On a Linux that is the sandbox. */
export const inspectDocker = (lab: Throwaway, ...words: string[]) =>
  start(lab, "none", "scripts/tasks/inspect-docker.ts", inspectTask, words);
