/** One real ping, and what it showed. */

import { ownWords, type Result, run } from "../cli/command.ts";
import type { Stage, Verdict } from "../course/stage.ts";
import { t } from "../cli/translate.ts";

/** The outcome of one check of reachability. */
export interface Reach {
  /** The namespace that asks; "" is the machine itself. */
  from: string;
  /** The address that is asked. */
  to: string;
  /** What came of it. */
  verdict: Verdict;
  /** Time to live of the answer: 64, less one for each router on its way. */
  ttl?: number;
  /** Round-trip time in milliseconds. */
  ms?: number;
  /** What ping said, where no answer came. */
  words?: string;
  /** The command that was run. */
  command: string;
}

/** A question that every stage answers: does `from` reach `to`? */
export interface Question {
  /** The namespace that asks. */
  from: string;
  /** The address that is asked. */
  to: string;
  /** Which of a stage's promises it is about. */
  about: keyof Stage["reach"];
}

/** The two questions. ns2's address is the one that the stages give it. */
export function questions(stages: readonly Stage[]): Question[] {
  const address = stages.flatMap(({ facts }) => facts)
    .map((fact) => "address" in fact && fact.in === "ns2" ? fact.address : "")
    .find(Boolean) ?? "";
  return [
    { from: "ns1", to: address.replace(/\/.*/, ""), about: "ns2" },
    { from: "ns1", to: "8.8.8.8", about: "internet" },
  ];
}

/**
 * Pings `to` from the namespace `from`, or from the machine itself if that is
 * "". Several packets are sent within so many seconds, and the first answer
 * ends it: one lost packet is not a verdict. Each check is a new ping, since a
 * running one keeps its connection tracking entry and with it the NAT decision
 * of its first packet.
 */
export async function reach(
  from: string,
  to: string,
  seconds = 1,
): Promise<Reach> {
  const where = from === "" ? "" : `ip netns exec ${from} `;
  const command = `${where}ping -c 1 -i 0.2 -w ${seconds} ${to}`;
  return { from, to, command, ...judge(await run(command.split(" "))) };
}

/** The answer to a question where there is no machine to ask on. */
export function notAsked({ from, to }: Question): Reach {
  return {
    from,
    to,
    command: "",
    verdict: "could-not-check",
    words: t`there is no machine yet`,
  };
}

/** Reads ping's exit code and words, see ping(8). */
export function judge(
  { code, stdout, stderr }: Result,
): Pick<Reach, "verdict" | "ttl" | "ms" | "words"> {
  const answer = stdout.match(/ttl=(\d+) time[=<]([\d.]+) ms/);
  if (code === 0 && answer) {
    return { verdict: "ok", ttl: Number(answer[1]), ms: Number(answer[2]) };
  }
  const words = ownWords(stderr);
  if (/Network is unreachable/.test(words)) {
    return { verdict: "unreachable", words };
  }
  // Silence is a verdict only where ping itself says that it has sent.
  const [summary, sent, received] =
    stdout.match(/^([1-9]\d*) packets transmitted, (\d+) received/m) ?? [];
  if (code === 1 && words === "" && summary) {
    const complaint = stdout.match(/^From .*$/m)?.[0];
    return {
      verdict: "no-reply",
      words: complaint ?? t`${sent} sent, ${received} received`,
    };
  }
  return {
    verdict: "could-not-check",
    words: words || stdout.trim() || `ping ended with ${code} and no word`,
  };
}
