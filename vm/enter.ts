/**
 * The entry: goes into the machine once, and starts the same script there.
 *
 * On the host, `enter` finds or makes the machine and starts the script again
 * inside, with leave to run `ip` and its like and nothing else. Inside, `enter`
 * does the work. So no stage and no instrument knows of machines: they run
 * `ip` on the Linux they are on.
 *
 * This file and what it imports use no remote package: those it may have to
 * bring first, see vendor.ts.
 */

import { ownArgs, restIsCommand } from "../lib/cli/own_args.ts";
import { EXIT, exitCode, explain, Problem } from "../lib/cli/problem.ts";
import type { Task } from "../lib/task/task.ts";
import type { Machine } from "../lib/lab/machine.ts";
import { afterAll, tell } from "../lib/cli/terminal.ts";
import { printableError } from "../lib/cli/word.ts";
import { exitCodes, exitEnv, meantCode } from "./pass_code_on.ts";
import { t } from "../lib/cli/translate.ts";
import { denoArgs, mayAlready } from "./deno_args.ts";
import { leaveBehind } from "./environment.ts";
import { launch } from "./launch.ts";
import { findMachine, NOWHERE } from "./find_machine.ts";
import { type MachinePlace } from "./machine_place.ts";
import { findOwner, runAsOwner } from "./owner.ts";
import { endUntilStarted } from "./signals.ts";
import { checkRoot, fixPath, pathOf, ROOT } from "./path.ts";
import { fillVendor } from "./vendor.ts";

/** What the entry must know of a task, before it is loaded. */
export type Entry = Pick<
  Task,
  "where" | "sandbox" | "needs" | "root" | "command" | "passesCode"
>;

/**
 * The last call of a script that was started: on the host finds or makes the
 * machine and starts the script again in it; there calls `inside`. Never
 * throws; sets the exit code.
 *
 * @param inside does the work, and returns the exit code. It is given the
 *   machine, as the host's side told it.
 */
export function enter(
  meta: ImportMeta,
  entry: Entry,
  inside: (machine: Machine) => Promise<number>,
): void {
  // A user's own setting, for other projects: with it this Deno looks for
  // packages elsewhere than in vendor/; one that it starts does not.
  const strays = Deno.env.has("JSR_URL");
  leaveBehind();
  if (entry.command) restIsCommand();
  const machine = Deno.env.get("LAB_MACHINE");
  // For this script alone: a task typed in a shell that we start is another.
  Deno.env.delete("LAB_MACHINE");
  const told = exitCodes();
  const says = entry.passesCode ? (code: number) => code : told;
  const done = machine
    ? toldMachine(machine).then(inside)
    : startInside(entry, meta.url, strays ? undefined : inside);
  done.catch((error) => {
    tell(printableError(explain(error)));
    return exitCode(error);
  }).then((code) => Deno.exit(says(afterAll(code))));
}

/**
 * On the host: finds or makes the machine, and starts the script in it. Where
 * none is needed, or none is there, does the work itself.
 */
async function startInside(
  entry: Entry,
  url: string,
  inside?: (machine: Machine) => Promise<number>,
): Promise<number> {
  checkRoot();
  fixPath();
  const listening = endUntilStarted();
  const [asked, meant] = entry.passesCode
    ? [{}, (code: number) => code]
    : [exitEnv, meantCode];
  const owner = needsRoot(entry) ? undefined : findOwner();
  if (owner) {
    const args = denoArgs(NOWHERE.machine, pathOf(url), entry.needs);
    const argv = [Deno.execPath(), ...args, ...Deno.args];
    listening.started();
    return meant(await runAsOwner(owner, argv, asked), NOWHERE.machine);
  }
  await fillVendor();
  const where = wanted(entry.where);
  const place = await findMachine(
    where,
    option("on"),
    option("name"),
    entry.sandbox,
  );
  if (inside && place === NOWHERE && mayAlready(entry.needs)) {
    listening.over();
    // For what the task starts.
    Deno.env.set("DENO_NO_UPDATE_CHECK", "1");
    return await inside(place.machine);
  }
  listening.started();
  const code = await launch(place, [
    place.deno,
    ...denoArgs(place.machine, scriptIn(place, url), entry.needs),
    ...Deno.args,
  ], {
    ...asked,
    // Deno would look for a newer one of itself, out of the machine.
    DENO_NO_UPDATE_CHECK: "1",
    LAB_MACHINE: JSON.stringify(place.machine),
  });
  return meant(code, place.machine);
}

/** The machine that the host's side told of. */
async function toldMachine(text: string): Promise<Machine> {
  const told = await Promise.resolve(text).then(JSON.parse).catch(() => null);
  if (KINDS.includes(told?.kind)) return told;
  throw new Problem(
    t`LAB_MACHINE is ${text}, which says no machine.`,
    t`It is the lab's own: unset LAB_MACHINE. To name a machine: --on, or LAB_ON.`,
    EXIT.usage,
  );
}

const KINDS: unknown[] = ["sandbox", "vm", "here", "none"];

/** Whether root is to stay root: the task says so, or the machine is here. */
function needsRoot(entry: Entry): boolean {
  if (entry.root) return true;
  return (option("on") ?? Deno.env.get("LAB_ON")) === "here";
}

/** The path that a script of this checkout has in a machine. */
function scriptIn(place: MachinePlace, url: string): string {
  return place.root + pathOf(url).slice(ROOT.length);
}

/** What the task needs, given the words that change it. */
function wanted(where: Task["where"]): Task["where"] {
  const words = ownArgs();
  if (words.includes("--help") || words.includes("-h")) return "host";
  if (words.includes("--dry-run") && where === "machine") {
    return "machine if there";
  }
  if (where === "throwaway" && words.includes("--keep")) return "machine";
  return where;
}

/** The value of an option that concerns the machine, before all parsing. */
function option(name: string): string | undefined {
  const words = ownArgs();
  const at = words.findLastIndex((word) =>
    word === `--${name}` || word.startsWith(`--${name}=`)
  );
  if (at < 0) return undefined;
  return words[at].includes("=")
    ? words[at].slice(name.length + 3)
    : words[at + 1];
}
