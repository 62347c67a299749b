/** What is not as it should be, and keeps nobody from anything. */

import type { Code } from "./causes.ts";
import type { Diagnosis, Finding } from "./diagnosis.ts";

/** A network with one of these works, so it is no cause of anything. */
const CODES: readonly Code[] = ["masquerade-too-wide", "masquerade-twice"];

/** Whether a finding is one to know of, no more. */
export function isWorthKnowing(
  { code, breaks }: Pick<Finding, "code" | "breaks">,
): boolean {
  return breaks.length === 0 && CODES.includes(code);
}

/** The cause; where nothing is wrong, what is worth knowing, if anything is. */
export function mainFinding(
  { cause, doubtful }: Diagnosis,
): Finding | undefined {
  return cause ?? doubtful.find(isWorthKnowing);
}
