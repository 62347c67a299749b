/**
 * What happens on Ctrl-C and `kill`, from outside inwards.
 *
 * `./lab` waits, tells its child of SIGTERM and SIGHUP, and ends with its code.
 * The entry on the host ends with 130 as long as it has started nothing; then it
 * leaves Ctrl-C, which the terminal sends to all, to the program in the machine,
 * and passes on what `kill` sends to itself alone. (In the VM, and where a
 * program has no terminal, Ctrl-C takes the machine's own way, its `interrupt`.)
 * The task in the machine says what becomes of a half-done job, and ends with
 * 130. `exec` and `shell` leave all to the program that was typed.
 */

import { run } from "../lib/cli/command.ts";
import { tell } from "../lib/cli/terminal.ts";
import { t } from "../lib/cli/translate.ts";
import type { Task } from "../lib/task/task.ts";
import type { MachinePlace } from "./machine_place.ts";

// --- On the host ----------------------------------------------------------------

/** The host's side, listening. */
export interface Listening {
  /** From now on a program in the machine answers. */
  started(): void;
  /** Whoever does the work here listens himself. */
  over(): void;
}

/**
 * Ends with 130 on Ctrl-C until a program was started. `./lab` starts us deaf to
 * it, as a shell does with `&`; and so would be whatever we start, if nobody
 * listened.
 */
export function endUntilStarted(): Listening {
  let isRunning = false;
  const stop = () => isRunning || Deno.exit(130);
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGQUIT"];
  signals.forEach((each) => Deno.addSignalListener(each, stop));
  return {
    started: () => void (isRunning = true),
    over: () =>
      signals.forEach((each) => Deno.removeSignalListener(each, stop)),
  };
}

/**
 * Tells a program that was started in a machine of the signals that reach us
 * and not it. Its `interrupt` is how Ctrl-C gets there, where that is not by the
 * terminal. Until what is returned is disposed of.
 */
export function passSignalsOn(
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

// --- In the machine ---------------------------------------------------------------

/** Ends a task on Ctrl-C, and says what becomes of its half-done job. */
export function endOnInterrupt(task: Task): void {
  Deno.addSignalListener("SIGINT", () => {
    tell(t`\nInterrupted. ${afterwards(task)}`);
    Deno.exit(130);
  });
}

/** What becomes of a half-done job. */
function afterwards({ where }: Task): string {
  return where === "throwaway" && !Deno.args.includes("--keep")
    ? t`The sandbox goes, with all that was done in it.`
    : t`What was done stays; the next command goes on from it.`;
}
