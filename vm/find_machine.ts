/** Which machine a task runs on, and how to start a program in it. */

import { later } from "../lib/cli/later.ts";
import { didYouMean } from "../lib/cli/nearest.ts";
import { EXIT, Problem } from "../lib/cli/problem.ts";
import type { Task } from "../lib/task/task.ts";
import type { Machine } from "../lib/lab/machine.ts";
import { typed } from "../lib/cli/typed.ts";
import { commandHere, ROOT } from "./path.ts";
import { seeHolder } from "./sandbox/holder.ts";
import { startThrowaway } from "./sandbox/make.ts";
import {
  findSandbox,
  openSandbox,
  sandboxCommand,
  whereWeAre,
} from "./sandbox/find_sandbox.ts";
import { findVm, noVm } from "./vagrant/state.ts";
import { t } from "../lib/cli/translate.ts";
import type { MachinePlace } from "./machine_place.ts";

const KINDS = ["sandbox", "vm", "here"] as const;

/** Outside of every machine. */
export const NOWHERE: MachinePlace = {
  machine: { kind: "none", name: "", pid: null, isNew: false },
  root: ROOT,
  deno: Deno.execPath(),
  command: commandHere,
};

/**
 * The machine for a task.
 *
 * @param where as the task needs it: a machine is made only for "machine".
 * @param on the machine's kind; by default what LAB_ON says, else the VM where
 *   there is one, else the sandbox.
 * @param name which of several sandboxes.
 * @param own the sandbox to use where none of this was said.
 */
export async function findMachine(
  where: Task["where"],
  on?: string,
  name?: string,
  own?: string,
): Promise<MachinePlace> {
  const variable = Deno.env.get("LAB_ON");
  const asked = on !== undefined
    ? kindOf(on)
    : variable
    ? kindOf(variable, ", in LAB_ON")
    : undefined;
  if (where === "host") return NOWHERE;
  const inside = whereWeAre();
  if (inside !== undefined && where !== "throwaway") {
    return where === "host of a sandbox"
      ? NOWHERE
      : around(inside, asked, name ?? own);
  }
  const vm = findVm();
  // Only sandboxes have names.
  const kind = asked ?? (vm && !name && !own ? "vm" : "sandbox");
  if (name && kind !== "sandbox") {
    throw new Problem(
      t`There is only one machine ${JSON.stringify(kind)}: it takes no --name.`,
      t`Leave out --name, or use a sandbox: --on sandbox.`,
      EXIT.usage,
    );
  }
  if (where === "host of a sandbox" && kind === "sandbox") return NOWHERE;
  if (kind === "here") return here();
  if (kind === "vm") {
    if (!vm) throw noVm();
    const { openVm }: typeof import("./vagrant/place.ts") = await import(
      later("./vagrant/place.ts", import.meta)
    );
    return await openVm(vm);
  }
  if (Deno.build.os !== "linux") {
    if (vm) {
      throw new Problem(
        t`A sandbox takes Linux.`,
        t`There is one in the VM. Go into it: ${
          typed("shell --on vm")
        }. Then type the same.`,
      );
    }
    throw noVm(
      t`A sandbox takes Linux, and there is no VM in this checkout.`,
    );
  }
  if (where === "throwaway") return await throwaway();
  const isNeeded = where === "machine";
  const sandbox = isNeeded
    ? await openSandbox(name ?? own ?? "default")
    : await findSandbox(name ?? own ?? "default");
  if (!sandbox) return NOWHERE;
  const { pid, isNew } = sandbox;
  return {
    machine: { kind: "sandbox", name: sandbox.name, pid, isNew },
    root: ROOT,
    deno: Deno.execPath(),
    command: (argv) => sandboxCommand(sandbox, argv),
    isGone: async () => await seeHolder(pid) === undefined,
  };
}

/** Whether others use this machine's network too: a sandbox's is ours alone. */
export function isShared({ kind }: Machine): boolean {
  return kind === "here" || kind === "vm";
}

/**
 * The sandbox that we are inside of, seen from any of its namespaces: the PC's
 * are those of its first process.
 */
function around(
  name: string,
  asked: typeof KINDS[number] | undefined,
  other = name,
): MachinePlace {
  checkInside(name, asked === "vm" ? "the VM" : other);
  return {
    machine: { kind: "sandbox", name, pid: null, isNew: false },
    root: ROOT,
    deno: Deno.execPath(),
    command: (
      argv,
    ) => ["nsenter", "--target=1", "--net", "--mount", "--uts", "--", ...argv],
  };
}

/** Throws a {@linkcode Problem} if it is not our own sandbox that is asked for. */
export function checkInside(name: string, asked: string): void {
  if (asked === name) return;
  throw new Problem(
    t`You are inside the sandbox "${name}", and cannot get to ${asked} from there.`,
    t`Leave it first (exit), then type the same.`,
    EXIT.usage,
  );
}

/** A sandbox without a name, which ends with this process however it ends. */
async function throwaway(): Promise<MachinePlace> {
  const { pid, uid } = await startThrowaway();
  return {
    machine: { kind: "sandbox", name: "throwaway", pid, isNew: false },
    root: ROOT,
    deno: Deno.execPath(),
    command: (argv) => sandboxCommand({ pid, uid }, argv),
  };
}

function kindOf(on: string, source = ""): typeof KINDS[number] {
  const kind = KINDS.find((kind) => kind === on);
  if (kind) return kind;
  throw new Problem(
    t`Unknown machine ${JSON.stringify(on)}${source}.`,
    didYouMean(on, KINDS),
    EXIT.usage,
  );
}

/** The Linux that we are on. */
function here(): MachinePlace {
  return {
    machine: { kind: "here", name: "here", pid: null, isNew: false },
    root: ROOT,
    deno: Deno.execPath(),
    command: commandHere,
  };
}
