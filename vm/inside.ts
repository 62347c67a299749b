/** The entry's other half: in the machine, does what the script is for. */

import { adapt } from "../lib/course/adapt.ts";
import { helpText, readArgs } from "../lib/task/args.ts";
import { later } from "../lib/cli/later.ts";
import { EXIT } from "../lib/cli/problem.ts";
import { parseSubnet, PRINTED_SUBNET } from "../lib/course/subnet.ts";
import { notedSubnet } from "../lib/lab/subnet_note.ts";
import type { Course, Task } from "../lib/task/task.ts";
import type { Machine } from "../lib/lab/machine.ts";
import { say } from "../lib/cli/terminal.ts";
import { isShared } from "./find_machine.ts";
import { endOnInterrupt } from "./signals.ts";

/**
 * Reads the words of the command line and does the work.
 *
 * @param words those of the task's own.
 * @param course the stages and chapters, as the pages print them.
 * @param where the machine.
 * @returns the exit code.
 */
export async function workInside(
  task: Task,
  words: readonly string[],
  course: Course,
  where: Machine,
): Promise<number> {
  const call = readArgs(task, words);
  if (call.flags.help) {
    say(helpText(task));
    return EXIT.ok;
  }
  // On the host a task changes nothing itself, and starts what answers Ctrl-C.
  if (where.kind !== "none") endOnInterrupt(task);
  const asked = call.flags.subnet;
  const wanted = typeof asked === "string" ? parseSubnet(asked) : undefined;
  // What only some tasks or machines take is loaded only there.
  const here: typeof import("./here/here.ts") | undefined = isShared(where)
    ? await import(later("./here/here.ts", import.meta))
    : undefined;
  const now = where.kind === "none"
    ? PRINTED_SUBNET
    : notedSubnet() ?? await here?.markedSubnet() ?? PRINTED_SUBNET;
  const subnet = wanted ?? now;
  return await task.main({
    ...call,
    machine: where,
    stages: adapt(course.stages, { subnet }),
    chapters: course.chapters,
    subnet,
    movesFrom: subnet.text === now.text ? undefined : now,
    guard: here?.openGuard(),
  });
}
