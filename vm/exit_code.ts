/**
 * Exit code 1 says that something differs from what was promised; but nsenter,
 * ssh and Deno itself also end with 1 where they cannot even start our script.
 * So whoever starts a script of ours (the host, or ./lab) asks it to say
 * another number for it.
 */

import { EXIT, Problem } from "../lib/problem.ts";
import type { Machine } from "../lib/task.ts";

const VARIABLE = "LAB_DIFFERS";
const ASKED_FOR = 65;

/** What is added to the environment of a script that is started. */
export const exitEnv: Record<string, string> = { [VARIABLE]: `${ASKED_FOR}` };

/**
 * How to say an exit code to whoever started this script. Takes the wish out
 * of the environment: for other scripts nobody has asked.
 */
export function exitCodes(): (code: number) => number {
  const asked = Deno.env.get(VARIABLE);
  Deno.env.delete(VARIABLE);
  return (code) => asked && code === EXIT.differs ? Number(asked) : code;
}

/**
 * What the script that was started meant by its exit code. Throws a
 * {@linkcode Problem} if it was not the script that ended with it.
 */
export function meantCode(code: number, { kind }: Machine): number {
  if (code === ASKED_FOR) return EXIT.differs;
  const where = kind === "none" ? "" : " in the machine";
  // What could not be executed is 126 or 127 for nsenter, env and shells.
  if ([1, 126, 127].includes(code)) {
    throw new Problem(
      `Cannot start the task${where}: why is said above.`,
      "If no process or thread could be made (see `ulimit -u`): end some, then type the same again.",
    );
  }
  if (BROKEN_OFF.includes(code)) {
    throw new Problem(
      `The task${where} was killed: signal ${code - 128}.`,
      "If it was for want of memory (see `free` and `ulimit -v`): make room. Then type the same again.",
    );
  }
  return code;
}

/** By SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL and SIGSEGV. */
const BROKEN_OFF = [4, 5, 6, 7, 8, 9, 11].map((signal) => 128 + signal);
