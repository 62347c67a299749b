/** Makes a network smaller in which something was foretold wrongly. */

import { isWrong, judgeInSandbox } from "./judge_in_sandbox.ts";
import type { Question, RandomNetwork } from "./network.ts";

/** How long that may take, in milliseconds. */
const PATIENCE = 30_000;

/**
 * The network without all commands that are not needed for the disagreement on
 * this question: each is left out in turn, the last first, for as long as there
 * is patience. The same network where the disagreement does not come again.
 */
export async function shrink(
  network: RandomNetwork,
  question: Question,
): Promise<RandomNetwork> {
  const deadline = Date.now() + PATIENCE;
  const isStillWrong = async (commands: string[]) => {
    const report = await judgeInSandbox({
      ...network,
      commands,
      questions: [question],
    });
    return "judged" in report && report.judged.some(isWrong);
  };
  let commands = network.commands;
  if (!await isStillWrong(commands)) return network;
  for (let at = commands.length - 1; at >= 0; at--) {
    if (Date.now() > deadline) break;
    const fewer = commands.toSpliced(at, 1);
    if (await isStillWrong(fewer)) commands = fewer;
  }
  return { ...network, commands };
}
