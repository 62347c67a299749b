/** Starts a program in a machine, as if typed there, and waits for its end. */

import { cannotStart, run } from "../lib/cli/command.ts";
import { Problem } from "../lib/cli/problem.ts";
import type { MachinePlace } from "./place.ts";
import { t } from "../lib/cli/translate.ts";

/**
 * Runs a program in the machine with the terminal passed through. Ctrl-C is
 * the program's to answer. Returns its exit code.
 */
export async function launch(
  place: MachinePlace,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  while (true) {
    const code = await start(place, argv, env);
    if (code === KILLED && await place.isGone?.()) {
      throw new Problem(
        t`The sandbox "${place.machine.name}" was ended while this ran.`,
        t`Type the same again, and a new one is made.`,
      );
    }
    if (!await place.isUndone?.(code)) return code;
  }
}

/** The exit code of what SIGKILL ended: 128 and the signal's number. */
const KILLED = 137;

async function start(
  place: MachinePlace,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const [program, ...args] = place.command(argv, env);
  try {
    const child = new Deno.Command(program, {
      args,
      env,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
      // Out of the terminal's reach, where Ctrl-C takes another way.
      detached: place.interrupt !== undefined,
    }).spawn();
    using _listening = passSignalsOn(child, place);
    return (await child.status).code;
  } catch (error) {
    throw cannotStart(program, error);
  }
}

/**
 * Ctrl-C at a terminal reaches the program as well, and so it is not for us.
 * A machine's `interrupt` is for programs that it does not reach. What ends us
 * otherwise, such as `kill`, reaches nobody else: the program is told, which is
 * not our child itself but what `nsenter` and its like have started.
 */
function passSignalsOn(
  child: Deno.ChildProcess,
  { interrupt }: MachinePlace,
): Disposable {
  let isOver = false;
  const stop = async ([program, ...args]: string[]) => {
    const options = { args, stdin: "null", stderr: "null" } as const;
    // It fails for as long as the program has not been started yet.
    while (!isOver) {
      if ((await new Deno.Command(program, options).output()).success) return;
    }
  };
  const listeners: [Deno.Signal, () => void][] = [
    ["SIGINT", () => interrupt && stop(interrupt)],
  ];
  if (Deno.build.os !== "windows") {
    for (const signal of ["TERM", "HUP"]) {
      listeners.push([`SIG${signal}` as Deno.Signal, async () => {
        if (interrupt) return stop(interrupt);
        const programs = await programsOf(`${child.pid}`);
        if (!isOver) await run(["kill", "-s", signal, ...programs]);
      }]);
    }
  }
  listeners.forEach((each) => Deno.addSignalListener(...each));
  return {
    [Symbol.dispose]() {
      isOver = true;
      listeners.forEach((each) => Deno.removeSignalListener(...each));
    },
  };
}

/** The processes that a process has led to and that have started no other. */
async function programsOf(pid: string): Promise<string[]> {
  const { stdout } = await run(["pgrep", "-P", pid]);
  const children = stdout.split("\n").filter((line) => line !== "");
  if (children.length === 0) return [pid];
  return (await Promise.all(children.map(programsOf))).flat();
}
