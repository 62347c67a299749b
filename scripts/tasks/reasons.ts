/** `deno task reasons`: the three reasons why 8.8.8.8 does not answer, proved. */

import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { steps } from "../../lib/course/stage.ts";
import type { Call, Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import {
  type Combination,
  combinations,
  isProved,
  judgeCombination,
  REASONS,
  reasonsLines,
} from "../../lib/trace/reasons.ts";
import { run } from "./run.ts";
import { task as trace } from "./trace.ts";
import { throwaway } from "../../vm/throwaway.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "reasons",
  about: t`Builds the lab in every combination of forwarding, gateway and NAT,\n
    sends a packet from ns1 to 8.8.8.8 in each, and shows what became of it.\n
    Each lab is a sandbox of its own and gone at the end; yours is not touched.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  options: { json: { about: t`print one JSON object and nothing else` } },
  async main({ flags, stages }) {
    if (!flags.json) {
      say(t`One ping from ns1 to 8.8.8.8 in each of eight sandboxes:\n`);
    }
    const all = await Promise.all(
      combinations().map((has) => tryOut(has, stages)),
    );
    if (flags.json) {
      say(JSON.stringify({ proved: isProved(all), combinations: all }));
    } else {
      reasonsLines(all).forEach((line) => say(line));
    }
    return isProved(all) ? EXIT.ok : EXIT.differs;
  },
};

async function tryOut(
  has: Combination["has"],
  stages: Call["stages"],
): Promise<Combination> {
  await using lab = await throwaway();
  const chosen = stages.filter(({ name }) =>
    REASONS.every((each) => each !== name || has[each])
  );
  const lines = chosen.flatMap(steps).map(({ command }) => command);
  // A stage's commands hold neither quotes nor variables: sh runs them as is.
  const built = await lab.exec(["sh", "-e"], lines.join("\n"));
  if (built.code !== 0) {
    throw new Problem(t`Cannot build a lab: ${built.stderr.trim()}.`);
  }
  const { stdout, stderr } = await lab.task(
    "trace --json --wait 0.5",
    trace.needs,
  );
  if (stdout === "") {
    throw new Problem(t`Cannot trace a packet: ${stderr.trim()}`);
  }
  return judgeCombination(has, JSON.parse(stdout));
}

run(import.meta, task);
