/** `deno task status`: which stages are in place, and what reaches what. */

import { progress } from "../../lib/course/facts.ts";
import { matrixLines } from "../../lib/reach/matrix.ts";
import { EXIT } from "../../lib/cli/problem.ts";
import { lookAtAll, reportExit } from "../../lib/lab/report.ts";
import {
  completeLine,
  machineLine,
  reachLines,
} from "../../lib/lab/report_lines.ts";
import type { Task } from "../../lib/task/task.ts";
import { dim, green, say } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { askDoctor, causeLines, whyDiffers } from "../../lib/task/why.ts";
import { run } from "./run.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "status",
  about:
    t`Shows which stages are in place, who reaches whom, and what is next.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "machine if there",
  options: { json: { about: t`print one JSON object and nothing else` } },
  async main({ flags, machine, stages }) {
    const { snapshot, report, matrix } = await lookAtAll(stages, machine);
    const { inPlace, level, beyond } = progress(stages, snapshot);
    const diagnosis = beyond
      // Where the lab is in pieces there may be nothing to ask about.
      ? await askDoctor(stages).catch(() => undefined)
      : await whyDiffers(report, stages);
    if (flags.json) {
      say(JSON.stringify({ ...report, matrix, diagnosis }));
      return reportExit(report);
    }
    say(machineLine(machine, snapshot.uplink) + "\n");
    stages.forEach(({ name, idea }, i) =>
      say(
        `${inPlace[i] ? green("✓") : dim("·")} ${i + 1} ${name.padEnd(8)} ${
          dim(idea)
        }`,
      )
    );
    say();
    reachLines(report).forEach((line) => say(line));
    (await causeLines(diagnosis)).forEach((line) => say(line));
    say();
    if (level > 0) {
      matrixLines(stages, matrix).forEach((line) => say(line));
      say();
    }
    const next = stages[level];
    if (!next) {
      say(completeLine(report));
      if (reportExit(report) !== EXIT.ok) {
        say(t`Look into it: ${typed("doctor")}`);
      }
    } else {
      if (beyond) say(t`Stage ${next.name} is missing or half in place.`);
      say(t`Next: ${typed(`stage:${next.name}`)}`);
    }
    return reportExit(report);
  },
};

run(import.meta, task);
