/**
 * Where machine, course and tasks are joined: every task's file ends with a
 * call of {@linkcode run}.
 */

import { later } from "../../lib/cli/later.ts";
import type { Task } from "../../lib/task/task.ts";
import { enter, type Entry } from "../../vm/enter.ts";

/** Runs the task, if its file is the one that was started. */
export function run(meta: ImportMeta, task: Task): void {
  if (meta.main) runLater(meta, task, () => Promise.resolve(task), Deno.args);
}

/**
 * Runs a task that is loaded in the machine alone: what the host's side does
 * not load, it does not wait for.
 *
 * @param entry what is to be known of it before.
 * @param words the words of the command line that are the task's.
 */
export function runLater(
  meta: ImportMeta,
  entry: Entry,
  load: () => Promise<Task>,
  words: readonly string[],
): void {
  enter(meta, entry, async (machine) => {
    const { workInside }: typeof import("../../vm/inside.ts") = await import(
      later("../../vm/inside.ts", import.meta)
    );
    const { stages }: typeof import("../mod.ts") = await import(
      later("../mod.ts", import.meta)
    );
    const course = { stages, chapters };
    return await workInside(await load(), words, course, machine);
  });
}

async function chapters() {
  const { chapters }: typeof import("../beyond/mod.ts") = await import(
    later("../beyond/mod.ts", import.meta)
  );
  return chapters;
}
