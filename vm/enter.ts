/**
 * The entry: goes into the machine once, and starts the same script there.
 *
 * On the host, `enter` finds or makes the machine and starts the script again
 * inside, with leave to run `ip` and its like and nothing else. Inside, `enter`
 * does the work. So no stage and no instrument knows of machines: they run
 * `ip` on the Linux they are on.
 *
 * This file and what it imports use no remote package: on the host it decides
 * where @std comes from (see std.ts) before anything asks for it.
 */

import type { Chapter } from "../lib/course/chapter.ts";
import { later } from "../lib/cli/later.ts";
import { ownArgs, restIsCommand } from "../lib/cli/own_args.ts";
import { exitCode, explain } from "../lib/cli/problem.ts";
import type { Stage } from "../lib/course/stage.ts";
import type { Machine, Task } from "../lib/task/task.ts";
import { afterAll, tell } from "../lib/cli/terminal.ts";
import { printableError } from "../lib/cli/word.ts";
import { exitCodes, exitEnv, meantCode } from "./exit_code.ts";
import { leaveBehind } from "./environment.ts";
import { launch } from "./launch.ts";
import { findMachine, isShared, NOWHERE, type Place } from "./machine.ts";
import { findOwner, runAsOwner } from "./owner.ts";
import { checkRoot, fixPath, pathOf, ROOT, STATE } from "./path.ts";
import { stdEnv } from "./std.ts";

/** What a script is for. */
export type Work = Stage | Chapter | Task;

/**
 * The last line of every script: runs it if it is the one that was started,
 * and does nothing if it was only imported. Never throws; sets the exit code.
 */
export function enter(meta: ImportMeta, work: Work): void {
  if (!meta.main) return;
  leaveBehind();
  if ("command" in work && work.command) restIsCommand();
  const machine = Deno.env.get("LAB_MACHINE");
  // For this script alone: a task typed in a shell that we start is another.
  Deno.env.delete("LAB_MACHINE");
  const told = exitCodes();
  const says = passesCode(work) ? (code: number) => code : told;
  const done = machine
    // Found at run time, so that the host's side loads neither this nor @std.
    ? import(later("./inside.ts", import.meta))
      .then(({ workInside }) => workInside(work, meta.url, machine))
    : startInside(work, meta.url);
  done.catch((error) => {
    tell(printableError(explain(error)));
    return exitCode(error);
  }).then((code) => Deno.exit(says(afterAll(code))));
}

/** Whether the exit code is another program's, whatever it means. */
function passesCode(work: Work): boolean {
  return "passesCode" in work && work.passesCode === true;
}

/** On the host: finds or makes the machine, and starts the script in it. */
async function startInside(work: Work, url: string): Promise<number> {
  checkRoot();
  fixPath();
  // ./lab starts us deaf to Ctrl-C, as a shell does with `&`; and so would be
  // whatever we start, if nobody listened. Once it runs, it is told as well.
  let isRunning = false;
  const stop = () => isRunning || Deno.exit(130);
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGQUIT", stop);
  const [asked, meant] = passesCode(work)
    ? [{}, (code: number) => code]
    : [exitEnv, meantCode];
  const owner = needsRoot(work) ? undefined : findOwner();
  if (owner) {
    const args = denoArgs(NOWHERE.machine, pathOf(url), needsOf(work));
    const argv = [Deno.execPath(), ...args, ...Deno.args];
    isRunning = true;
    return meant(await runAsOwner(owner, argv, asked), NOWHERE.machine);
  }
  const where = wanted("where" in work ? work.where : "machine");
  const place = await findMachine(
    where,
    option("on"),
    option("name"),
    sandboxOf(work),
  );
  const std = await stdEnv();
  isRunning = true;
  const code = await launch(place, [
    place.deno,
    ...denoArgs(place.machine, scriptIn(place, url), needsOf(work)),
    ...Deno.args,
  ], {
    ...std,
    ...asked,
    // Deno would look for a newer one of itself, out of the machine.
    DENO_NO_UPDATE_CHECK: "1",
    LAB_MACHINE: JSON.stringify(place.machine),
  });
  return meant(code, place.machine);
}

function needsOf(work: Work): readonly string[] {
  return "needs" in work ? work.needs ?? [] : [];
}

/** Whether root is to stay root: the task says so, or the machine is here. */
function needsRoot(work: Work): boolean {
  if ("root" in work && work.root) return true;
  return (option("on") ?? Deno.env.get("LAB_ON")) === "here";
}

/** The path that a script of this checkout has in a machine. */
function scriptIn(place: Place, url: string): string {
  return place.root + pathOf(url).slice(ROOT.length);
}

/** The sandbox of a chapter has its name: no chapter disturbs a lab. */
function sandboxOf(work: Work): string | undefined {
  if ("probes" in work) return work.name;
  return "sandbox" in work ? work.sandbox : undefined;
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

/** What the network is made with, and then what it is only looked at with. */
const TOOLS = "ip,bridge,sysctl,iptables,ping," +
  "iptables-save,iptables-nft-save,iptables-legacy-save,nft,conntrack,tc,cat," +
  "nsenter,iptables-nft,iptables-legacy";

/** What machines are made and entered with. */
const STARTERS = "unshare,nsenter,setpriv,kill,pgrep,cat,deno,ssh,tar,vagrant";

/** What it takes to know what is the lab's, see here/keeper.ts. */
const KEEPER_NEEDS = ["--allow-run=nft,readlink"];

/**
 * How Deno starts a script, and what that may touch: the network's tools in a
 * machine, the machines on the host.
 */
export function denoArgs(
  machine: Machine,
  script: string,
  needs: readonly string[] = [],
): string[] {
  const inMachine = machine.kind !== "none";
  const writes = inMachine
    ? ["/run/docker0-by-hand.lock", "/run/docker0-by-hand"]
    : [STATE];
  const runs = inMachine ? TOOLS : STARTERS;
  const more = isShared(machine) ? KEEPER_NEEDS : [];
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    // Deno parts its lists at commas, and knows no way to quote one.
    writes.some((path) => path.includes(","))
      ? "--allow-write"
      : `--allow-write=${writes}`,
    `--allow-run=${runs}`,
    // Whose files are ours.
    "--allow-sys=uid",
    ...more,
    ...needs,
    script,
  ];
}
