/** The entry's other half: in the machine, does what the script is for. */

import { adapt } from "../lib/adapt.ts";
import { helpText, readArgs } from "../lib/args.ts";
import { chapterTask } from "../lib/chapter_task.ts";
import { EXIT } from "../lib/problem.ts";
import { stageTask } from "../lib/stage_task.ts";
import { parseSubnet, PRINTED_SUBNET, type Subnet } from "../lib/subnet.ts";
import { notedSubnet } from "../lib/subnet_note.ts";
import type { Machine, Task } from "../lib/task.ts";
import { say, tell } from "../lib/terminal.ts";
// Imports that point upward: the entry hands every task the course.
import { chapters } from "../scripts/beyond/mod.ts";
import { stages } from "../scripts/mod.ts";
import type { Work } from "./enter.ts";
import { openKeeper } from "./here/keeper.ts";
import { markedSubnet } from "./here/marked_subnet.ts";
import { isShared } from "./machine.ts";
import { whenReady } from "./sandbox.ts";

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
  const task = taskOf(work, url);
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
  if (where.kind === "sandbox" && where.isNew) await whenReady(where.name);
  const asked = call.flags.subnet;
  const wanted = typeof asked === "string" ? parseSubnet(asked) : undefined;
  const keeper = isShared(where) ? openKeeper() : undefined;
  const now = await subnetOf(where);
  const subnet = wanted ?? now;
  return await task.main({
    ...call,
    machine: where,
    stages: adapt(stages, { subnet }),
    chapters,
    subnet,
    movesFrom: subnet.text === now.text ? undefined : now,
    keeper,
  });
}

/** The subnet that the machine's lab is on. */
async function subnetOf(machine: Machine): Promise<Subnet> {
  if (machine.kind === "none") return PRINTED_SUBNET;
  const marked = isShared(machine) ? markedSubnet : () => undefined;
  return notedSubnet() ?? await marked() ?? PRINTED_SUBNET;
}

/** What becomes of a half-done job. */
function afterwards({ where }: Task): string {
  return where === "throwaway" && !Deno.args.includes("--keep")
    ? "The sandbox goes, with all that was done in it."
    : "What was done stays; the next command goes on from it.";
}

function taskOf(work: Work, url: string): Task {
  if ("main" in work) return work;
  return "probes" in work ? chapterTask(work, url) : stageTask(work, url);
}
