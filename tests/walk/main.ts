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
import { denoItself, ROOT } from "../../vm/path.ts";
import { throwaway } from "../throwaway.ts";
import type { Judged, Report } from "./judge.ts";
import { type RandomNetwork, randomNetwork } from "./network.ts";

const { count = "200", seed = "1", "until-wrong": untilWrong } = parseArgs(
  Deno.args,
  { string: ["count", "seed"], boolean: ["until-wrong"] },
);
const first = Number(seed);
const seeds = Array.from({ length: Number(count) }, (_, i) => first + i);

/** What came of all of them. */
const sum = { made: 0, unmade: 0, questions: 0, undecided: 0, wrong: 0 };

const workers = 2 * navigator.hardwareConcurrency;
await Promise.all(Array.from({ length: workers }, async () => {
  for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) {
    await judge(randomNetwork(next));
    if (untilWrong && sum.wrong > 0) seeds.length = 0;
  }
}));
const share = 100 * sum.undecided / Math.max(1, sum.questions);
console.log(
  `${sum.made} networks, ${sum.questions} questions: ${sum.wrong} foretold wrongly, ` +
    `${sum.undecided} undecided (${share.toFixed(1)} %); ` +
    `${sum.unmade} networks could not be made`,
);
Deno.exit(sum.wrong ? EXIT.differs : sum.questions ? EXIT.ok : EXIT.blocked);

async function judge(network: RandomNetwork): Promise<void> {
  await using lab = await throwaway();
  const [deno, ...words] = denoItself();
  const { stdout, stderr } = await lab.exec([
    deno,
    ...words,
    ..."run --quiet --no-check --allow-all --unstable-net".split(" "),
    `${ROOT}tests/walk/judge.ts`,
    JSON.stringify(network),
  ]);
  const report = read(stdout);
  if (!report) {
    sum.wrong++;
    console.log(`seed ${network.seed}: it broke off: ${stderr}`);
    return;
  }
  if (report.unmade !== undefined) {
    // The kernel refused a command: a rule that is none, a fault twice.
    sum.unmade++;
    return;
  }
  sum.made++;
  for (const each of report.judged) tell(network, each);
}

function read(stdout: string): Report | undefined {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

function tell(
  { seed, commands }: RandomNetwork,
  { question, foretold, ends, seen }: Judged,
): void {
  sum.questions++;
  if (foretold.length > 1) sum.undecided++;
  else if (foretold[0] !== seen) {
    sum.wrong++;
    const { from, to, protocol, port = "" } = question;
    console.log(
      `seed ${seed}: ${from || "the machine"} to ${to} by ${protocol} ${port}`,
      `\n  foretold: ${foretold} (${ends.join("; ")})`,
      `\n  seen:     ${seen}`,
      `\n  network:\n    ${commands.join("\n    ")}`,
    );
  }
}
