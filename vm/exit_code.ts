/**
 * Exit code 1 says that something differs from what was promised; but nsenter,
 * ssh and Deno itself also end with 1 where they cannot even start our script.
 * So the host asks the script in a machine to say another number for it.
 */

import { EXIT, Problem } from "../lib/problem.ts";
import type { Machine } from "../lib/task.ts";

const VARIABLE = "LAB_DIFFERS";
const ASKED_FOR = 65;

/** On the host: what is added to the script's environment. */
export function exitEnv({ kind }: Machine): Record<string, string> {
  return kind === "none" ? {} : { [VARIABLE]: `${ASKED_FOR}` };
}

/**
 * In a machine: how to say an exit code to whoever started this script. Takes
 * the wish out of the environment: for other scripts nobody has asked.
 */
export function exitCodes(): (code: number) => number {
  const asked = Deno.env.get(VARIABLE);
  Deno.env.delete(VARIABLE);
  return (code) => asked && code === EXIT.differs ? Number(asked) : code;
}

/**
 * On the host: what the script in the machine meant by its exit code. Throws a
 * {@linkcode Problem} if it was not the script that ended with it.
 */
export function meantCode(code: number, { kind }: Machine): number {
  if (kind === "none") return code;
  if (code === ASKED_FOR) return EXIT.differs;
  if (code !== 1) return code;
  throw new Problem(
    "Cannot start the task in the machine: why is said above.",
    "If no process or thread could be made (see `ulimit -u`): end some, then type the same again.",
  );
}
