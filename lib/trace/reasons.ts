/**
 * The three reasons why 8.8.8.8 does not answer, told apart: every combination
 * of forwarding, gateway and NAT, and what became of a packet in each.
 */

import type { TraceJson } from "./trace_json.ts";
import { bold, dim, green, red } from "../cli/terminal.ts";
import { t } from "../cli/translate.ts";

/** The three stages that a packet to the internet takes, and all before them. */
export const REASONS = ["forward", "gateway", "nat"] as const;

/** One of the eight combinations, and what became of a packet. */
export interface Combination {
  /** Which of the three stages are in place. */
  has: Record<typeof REASONS[number], boolean>;
  /** `ok`, `unreachable` or `no-reply`. */
  verdict: string;
  /** The kind of its death, or null. */
  cause: string | null;
  /** Where it was seen last, such as `PC br0`; `ns1` if it was never sent. */
  diedAt: string | null;
  /** Sources of the requests that the internet saw. */
  outside: string[];
  /** The whole story. */
  trace: TraceJson;
}

/** All eight combinations of the three, from none to all. */
export function combinations(): Combination["has"][] {
  return Array.from({ length: 8 }, (_, bits) => ({
    forward: (bits & 4) !== 0,
    gateway: (bits & 2) !== 0,
    nat: (bits & 1) !== 0,
  }));
}

/** What a trace says of one combination. */
export function judgeCombination(
  has: Combination["has"],
  trace: TraceJson,
): Combination {
  const last = trace.cause?.lastSeen;
  const outside = trace.events.flatMap((event) =>
    event.kind === "seen" && event.netns === "outside" &&
      event.role === "request" && event.direction === "in"
      ? event.src
      : []
  );
  return {
    ...{ has, outside, trace },
    verdict: trace.verdict,
    cause: trace.cause?.kind ?? null,
    diedAt: trace.cause
      ? last ? `${last.netns} ${last.link}` : trace.from
      : null,
  };
}

/** Whether all three together are answered, and nothing less is. */
export function isProved(all: readonly Combination[]): boolean {
  return all.length === 8 &&
    all.every(({ has, verdict }) =>
      (verdict === "ok") === REASONS.every((each) => has[each])
    );
}

/** The table, and what it shows. */
export function reasonsLines(all: readonly Combination[]): string[] {
  const widths = [9, 9, 6];
  const rows = all.map(({ has, verdict, cause, diedAt, outside }) => {
    const marks = REASONS.map((each, i) =>
      has[each] ? green("yes".padEnd(widths[i])) : dim("-".padEnd(widths[i]))
    ).join("");
    const isOk = verdict === "ok";
    return marks + (isOk ? green : red)(verdict.padEnd(13)) +
      (diedAt ? `${diedAt}: ${cause}` : "").padEnd(25) +
      (outside.length > 0 ? t`from ${outside[0]}` : dim("nothing"));
  });
  return [
    bold(
      REASONS.map((each, i) => each.padEnd(widths[i])).join("") +
        "verdict".padEnd(13) + t`where it died, and why`.padEnd(25) +
        t`seen outside`,
    ),
    ...rows,
    "",
    isProved(all)
      ? t`${green("✓")} Only all three together bring an answer.`
      : t`${red("✗")} That is not what the three reasons promise.`,
  ];
}
