/** The entry's other half: in the machine, does what the script is for. */

import { adapt } from "../lib/course/adapt.ts";
import { helpText, readArgs } from "../lib/task/args.ts";
import { later } from "../lib/cli/later.ts";
import { EXIT } from "../lib/cli/problem.ts";
import { parseSubnet, PRINTED_SUBNET } from "../lib/course/subnet.ts";
import { notedSubnet } from "../lib/lab/subnet_note.ts";
import type { Machine, Task } from "../lib/task/task.ts";
import { say, tell } from "../lib/cli/terminal.ts";
// The one import that points upward: the entry hands every task the course.
import { stages } from "../scripts/mod.ts";
import type { Work } from "./enter.ts";
import { isShared } from "./machine.ts";
import { t } from "../lib/cli/translate.ts";

/**
 * Reads the words of the command line and does the work.
 *
 * @param url where the script is.
 * @param machine as the host's side told it.
 * @returns the exit code.
 */
export async function workInside(
  work: Work,
  url: string,
  machine: string,
): Promise<number> {
  const task = await taskOf(work, url);
  const call = readArgs(task, Deno.args);
  if (call.flags.help) {
    say(helpText(task));
    return EXIT.ok;
  }
  const where: Machine = JSON.parse(machine);
  // On the host a task changes nothing itself, and starts what answers Ctrl-C.
  if (where.kind !== "none") {
    Deno.addSignalListener("SIGINT", () => {
      tell(`\nInterrupted. ${afterwards(task)}`);
      Deno.exit(130);
    });
  }
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
    stages: adapt(stages, { subnet }),
    async chapters() {
      const beyond: typeof import("../scripts/beyond/mod.ts") = await import(
        later("../scripts/beyond/mod.ts", import.meta)
      );
      return beyond.chapters;
    },
    subnet,
    movesFrom: subnet.text === now.text ? undefined : now,
    keeper: here?.openKeeper(),
  });
}

/** What becomes of a half-done job. */
function afterwards({ where }: Task): string {
  return where === "throwaway" && !Deno.args.includes("--keep")
    ? t`The sandbox goes, with all that was done in it.`
    : t`What was done stays; the next command goes on from it.`;
}

async function taskOf(work: Work, url: string): Promise<Task> {
  if ("main" in work) return work;
  if ("probes" in work) {
    const { chapterTask }: typeof import("../lib/task/chapter_task.ts") =
      await import(later("../lib/task/chapter_task.ts", import.meta));
    return chapterTask(work, url);
  }
  const { stageTask }: typeof import("../lib/task/stage_task.ts") =
    await import(
      later("../lib/task/stage_task.ts", import.meta)
    );
  return stageTask(work, url);
}
