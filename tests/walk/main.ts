/**
 * Random networks, each in a sandbox of its own: what the walk foretells of
 * random questions is held against real packets.
 *
 *     deno run --allow-all tests/walk/main.ts [--count=N] [--seed=N] [--until-wrong]
 *
 * Every disagreement is printed with its seed, the network as commands, what was
 * foretold and what was seen. Exit code: 0, 1 if there was one, 3 if nothing
 * could be checked.
 */

import { parseArgs } from "@std/cli/parse-args";
import { EXIT } from "../../lib/cli/problem.ts";
import type { Decision } from "./deciding_rule.ts";
import type { Judged } from "./judge.ts";
import { isWrong, judgeInSandbox } from "./judge_in_sandbox.ts";
import { type RandomNetwork, randomNetwork } from "./network.ts";
import { rulesetNetworks } from "./rulesets.ts";
import { shrink } from "./shrink.ts";

const { count = "200", seed = "1", "until-wrong": untilWrong } = parseArgs(
  Deno.args,
  { string: ["count", "seed"], boolean: ["until-wrong"] },
);
const first = Number(seed);
const seeds = Array.from({ length: Number(count) }, (_, i) => first + i);

/** What came of all of them. */
const sum = {
  ...{ made: 0, unmade: 0, questions: 0, undecided: 0, wrong: 0 },
  rules: 0,
};

const known = rulesetNetworks();
const workers = 2 * navigator.hardwareConcurrency;
await Promise.all(Array.from({ length: workers }, async () => {
  for (let next = known.shift(); next; next = known.shift()) await judge(next);
  for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) {
    await judge(randomNetwork(next));
    if (untilWrong && sum.wrong > 0) seeds.length = 0;
  }
}));
const share = 100 * sum.undecided / Math.max(1, sum.questions);
console.log(
  `${sum.made} networks, ${sum.questions} questions: ${sum.wrong} foretold wrongly, ` +
    `${sum.undecided} undecided (${share.toFixed(1)} %); ` +
    `of ${sum.rules} drops the kernel named the rule; ` +
    `${sum.unmade} networks could not be made`,
);
Deno.exit(sum.wrong ? EXIT.differs : sum.questions ? EXIT.ok : EXIT.blocked);

async function judge(network: RandomNetwork): Promise<void> {
  const report = await judgeInSandbox(network);
  if ("brokeOff" in report) {
    sum.wrong++;
    console.log(`${called(network)}: it broke off: ${report.brokeOff}`);
    return;
  }
  if (report.unmade !== undefined) {
    // The kernel refused a command: a rule that is none, a fault twice.
    if (network.name) console.log(`${network.name}: ${report.unmade}`);
    sum.unmade++;
    return;
  }
  sum.made++;
  for (const each of report.judged) {
    sum.questions++;
    if (each.by) sum.rules++;
    if (each.foretold.length > 1) sum.undecided++;
    else if (isWrong(each)) await tell(network, each);
  }
}

function called({ name, seed }: RandomNetwork): string {
  return name ?? `seed ${seed}`;
}

async function tell(
  network: RandomNetwork,
  { question, foretold, ends, seen, by }: Judged,
): Promise<void> {
  sum.wrong++;
  const { from, to, protocol, port = "" } = question;
  const { commands } = await shrink(network, question);
  console.log(
    `${called(network)}: ${
      from || "the machine"
    } to ${to} by ${protocol} ${port}`,
    `\n  foretold: ${foretold} (${ends.join("; ")})`,
    `\n  seen:     ${seen}${by ? ` by ${named(by.seen)}` : ""}`,
    `\n  network:\n    ${commands.join("\n    ")}`,
  );
}

function named({ chain, isPolicy }: Decision): string {
  return `${isPolicy ? "the policy" : "a rule"} of ${chain}`;
}
