/** Lets a network be judged, in a fresh sandbox. */

import { denoItself, ROOT } from "../../vm/path.ts";
import { throwaway } from "../throwaway.ts";
import type { Judged, Report } from "./judge.ts";
import type { RandomNetwork } from "./network.ts";

/** What came of it; or what it said where it broke off. */
export async function judgeInSandbox(
  network: RandomNetwork,
): Promise<Report | { brokeOff: string }> {
  await using lab = await throwaway();
  const [deno, ...words] = denoItself();
  const { stdout, stderr } = await lab.exec([
    deno,
    ...words,
    ..."run --quiet --no-check --allow-all --unstable-net".split(" "),
    `${ROOT}tests/walk/judge.ts`,
    JSON.stringify(network),
  ]);
  try {
    return JSON.parse(stdout);
  } catch {
    return { brokeOff: stderr };
  }
}

/** Whether a question was foretold, and wrongly: its end, or the rule behind it. */
export function isWrong({ foretold, seen, by }: Judged): boolean {
  return foretold.length === 1 && foretold[0] !== seen ||
    by !== undefined && (by.foretold.chain !== by.seen.chain ||
        by.foretold.isPolicy !== by.seen.isPolicy);
}
