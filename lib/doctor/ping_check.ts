/** Real pings: what confirms a diagnosis, or refutes it. */

import { shell, shellWords } from "../cli/shell.ts";
import { tryRun } from "../net/firewall/read.ts";
import { judge } from "../reach/ping.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { Probe, Question } from "./diagnosis.ts";
import { t } from "../cli/translate.ts";

/**
 * Pings for a question, for at most a second: several packets are sent, and
 * the first answer ends it.
 */
export async function probe(
  namespace: Pick<Namespace, "enter">,
  question: Question,
): Promise<Probe> {
  const command = inside(
    namespace,
    shell`ping -c 1 -i 0.2 -w 1 ${question.to}`,
  );
  const result = await tryRun(shellWords(command));
  if (!result) {
    return {
      question,
      command,
      verdict: "could-not-check",
      words: "ping is not installed",
    };
  }
  const { verdict, words = "", ttl, ms } = judge(result);
  return {
    question,
    command,
    verdict,
    words: verdict === "ok" ? t`ttl ${ttl}, ${ms} ms` : words,
  };
}
