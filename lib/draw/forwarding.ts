/** Whether a firewall lets anything through that is for somebody else. */

import type { Chain, Rule, Verdict } from "../net/firewall/ruleset.ts";
import { probe } from "./probe.ts";

/** What becomes of what is to be forwarded. */
export type Forwarded = "all" | "some" | "none";

/** What is known of a list of rules as a whole. */
interface Outcome {
  /** Some rule accepts something, or nobody can tell. */
  mayAccept: boolean;
  /** What becomes of a packet that no rule with a condition decided. */
  rest: "accepted" | "stopped" | "goes on";
}

/** The strictest of all chains decides. */
export function forwarded(chains: readonly Chain[]): Forwarded {
  const each = chains.filter(({ hook, family }) =>
    hook === "forward" && ["ip", "inet"].includes(family)
  ).map((chain): Forwarded => {
    const { mayAccept, rest } = outcome(chain, chains, 0);
    const isStopped = rest === "stopped" ||
      rest === "goes on" && chain.policy === "drop";
    return !isStopped ? "all" : mayAccept ? "some" : "none";
  });
  return each.includes("none")
    ? "none"
    : each.includes("some")
    ? "some"
    : "all";
}

/** Chains that lead on to others may do so only so often, as in the kernel. */
const DEEPEST = 16;

function outcome(
  chain: Chain,
  all: readonly Chain[],
  depth: number,
): Outcome {
  let mayAccept = false;
  if (depth > DEEPEST) return { mayAccept: true, rest: "goes on" };
  for (const rule of chain.rules) {
    const isForAll = rule.statements.every(({ does }) => does !== "match");
    for (const verdict of verdicts(rule)) {
      const led = typeof verdict === "object" && "chain" in verdict
        ? all.find(({ name, table, family, backend }) =>
          name === verdict.chain && table === chain.table &&
          family === chain.family && backend === chain.backend
        )
        : undefined;
      const isLost = typeof verdict === "object" && "chain" in verdict && !led;
      const kind = verdict === "unknown" || isLost ? "unknown" : verdict.kind;
      const then: Outcome = led
        ? outcome(led, all, depth + 1)
        : { mayAccept: MAY_ACCEPT.includes(kind), rest: restAfter(kind) };
      mayAccept ||= then.mayAccept;
      if (!isForAll) continue;
      if (then.rest !== "goes on") return { mayAccept, rest: then.rest };
      if (kind === "return" || kind === "goto") {
        return { mayAccept, rest: "goes on" };
      }
    }
  }
  return { mayAccept, rest: "goes on" };
}

/** What a rule may say of packets, each once. */
function verdicts({ statements }: Rule): (Verdict | "unknown")[] {
  return statements.flatMap((each) => {
    if (each.does !== "judge") return [];
    const said = STATES.map((state) =>
      each.verdict(
        probe({ ct: { state, direction: "original", nat: [], mark: 0 } }),
      )
    );
    const [first] = said;
    const isOne = first !== undefined &&
      said.every((it) => JSON.stringify(it) === JSON.stringify(first));
    // What depends on the packet may be anything, for packets we did not ask of.
    return isOne ? [first] : ["unknown" as const];
  });
}

const STATES = ["new", "established", "invalid"] as const;
const MAY_ACCEPT = ["accept", "queue", "unknown"];

function restAfter(kind: string): Outcome["rest"] {
  if (kind === "accept" || kind === "queue") return "accepted";
  return kind === "drop" || kind === "reject" ? "stopped" : "goes on";
}
