/**
 * Exit code 1 says that something differs from what was promised; but nsenter,
 * ssh and Deno itself also end with 1 where they cannot even start our script.
 * And 0 says that all is well, but only from our script. So whoever starts a
 * script of ours (the host, or ./lab) asks it to say other numbers for these.
 */

import { EXIT, Problem } from "../lib/cli/problem.ts";
import type { Machine } from "../lib/lab/machine.ts";
import { t } from "../lib/cli/translate.ts";

/** Variables that hold a number to be said instead of a code. */
const ASKED = [
  { variable: "LAB_DIFFERS", code: EXIT.differs, said: 65 },
  { variable: "LAB_DONE", code: EXIT.ok, said: 66 },
];

/** What is added to the environment of a script that is started. */
export const exitEnv: Record<string, string> = Object.fromEntries(
  ASKED.map(({ variable, said }) => [variable, `${said}`]),
);

/**
 * How to say an exit code to whoever started this script. Takes the wish out
 * of the environment: for other scripts nobody has asked.
 */
export function exitCodes(): (code: number) => number {
  const wishes = new Map<number, number>();
  for (const { variable, code } of ASKED) {
    const wish = Deno.env.get(variable);
    if (wish) wishes.set(code, Number(wish));
    Deno.env.delete(variable);
  }
  return (code) => wishes.get(code) ?? code;
}

/**
 * What the script that was started meant by its exit code. Throws a
 * {@linkcode Problem} if it was not the script that ended with it.
 */
export function meantCode(code: number, { kind }: Machine): number {
  const told = ASKED.find(({ said }) => said === code);
  if (told) return told.code;
  const where = kind === "none" ? "" : t` in the machine`;
  if (code === EXIT.ok) {
    throw new Problem(
      t`Cannot tell whether the task${where} was done: what should have started it ended without a word of it.`,
    );
  }
  // What could not be executed is 126 or 127 for nsenter, env and shells.
  if ([1, 126, 127].includes(code)) {
    throw new Problem(
      t`Cannot start the task${where}: why is said above.`,
      t`If no process or thread could be made (see \`ulimit -u\`): end some, then type the same again.`,
    );
  }
  if (BROKEN_OFF.includes(code)) {
    throw new Problem(
      t`The task${where} was killed: signal ${code - 128}.`,
      t`If it was for want of memory (see \`free\` and \`ulimit -v\`): make room. Then type the same again.`,
    );
  }
  return code;
}

/** By SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL and SIGSEGV. */
const BROKEN_OFF = [4, 5, 6, 7, 8, 9, 11].map((signal) => 128 + signal);
