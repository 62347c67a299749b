/** Which machine a task runs on, and how to start a program in it. */

import { didYouMean } from "../lib/nearest.ts";
import { EXIT, Problem } from "../lib/problem.ts";
import type { Machine, Task } from "../lib/task.ts";
import {
  findSandbox,
  openSandbox,
  sandboxCommand,
  startThrowaway,
} from "./sandbox.ts";

/** A machine, and the way into it. */
export interface Place {
  /** What the script inside is told of it. */
  machine: Machine;
  /** Resolves when the machine is complete. */
  ready: Promise<void>;
  /** The command line that runs a program in the machine. */
  command(program: string, ...args: string[]): string[];
}

const KINDS = ["sandbox", "vm", "here"] as const;

/** Outside of every machine. */
const NOWHERE: Place = {
  machine: { kind: "none", name: "", pid: null, isNew: false },
  ready: Promise.resolve(),
  command: (...argv) => argv,
};

/**
 * The machine for a task.
 *
 * @param where as the task needs it: a machine is made only for "machine".
 * @param on the machine's kind; by default what LAB_ON says, else the sandbox.
 * @param name which of several sandboxes.
 */
export async function findMachine(
  where: Task["where"],
  on = Deno.env.get("LAB_ON") || "sandbox",
  name = "default",
): Promise<Place> {
  const kind = KINDS.find((kind) => kind === on);
  if (!kind) {
    throw new Problem(
      `Unknown machine ${JSON.stringify(on)}.`,
      didYouMean(on, KINDS),
      EXIT.usage,
    );
  }
  if (where === "host") return NOWHERE;
  if (where === "host of a sandbox" && kind === "sandbox") return NOWHERE;
  if (kind === "here") return here();
  if (kind === "vm") {
    throw new Problem(
      "There is no VM in this checkout.",
      "Use the sandbox: --on sandbox.",
    );
  }
  if (where === "throwaway") return await throwaway();
  const isNeeded = where === "machine";
  const sandbox = isNeeded ? await openSandbox(name) : await findSandbox(name);
  if (!sandbox) return NOWHERE;
  const { ready, pid, isNew } = sandbox;
  return {
    machine: { kind: "sandbox", name, pid, isNew },
    ready,
    command: (...argv) => sandboxCommand(sandbox, argv),
  };
}

/** Whether others use this machine's network too: a sandbox's is ours alone. */
export function isShared({ kind }: Machine): boolean {
  return kind === "here" || kind === "vm";
}

/** A sandbox without a name, which ends with this process however it ends. */
async function throwaway(): Promise<Place> {
  const { pid, ready } = await startThrowaway();
  return {
    machine: { kind: "sandbox", name: "throwaway", pid, isNew: false },
    ready,
    command: (...argv) => sandboxCommand({ pid }, argv),
  };
}

/** The Linux that we are on. */
function here(): Place {
  return {
    machine: { kind: "here", name: "here", pid: null, isNew: false },
    ready: Promise.resolve(),
    command: (...argv) => argv,
  };
}
