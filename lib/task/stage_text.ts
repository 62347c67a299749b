/** What a stage's task says to people. */

import { differences, type Surroundings } from "../course/adapt.ts";
import type { Mode, Ran } from "../lab/plan.ts";
import { readPage } from "../course/page.ts";
import { EXIT } from "../cli/problem.ts";
import { type Report, reportExit } from "../lab/report.ts";
import { completeLine } from "../lab/report_lines.ts";
import type { Stage } from "../course/stage.ts";
import type { Machine } from "../lab/machine.ts";
import { bold, dim, say } from "../cli/terminal.ts";
import { typed } from "../cli/typed.ts";
import { t } from "../cli/translate.ts";

/**
 * Echoes lines as they were run: under the heading of their stage, and those of
 * the target, whose source is at `url`, under their comments.
 */
export function echoer(
  stages: readonly Stage[],
  target: Stage,
  url: string,
): (ran: Ran) => void {
  const remarks = comments(target, url);
  let current = "";
  return ({ stage, back, line, output }) => {
    const title = heading(stages, stage, back);
    if (current !== title) say(title);
    current = title;
    for (const remark of remarks.get(line) ?? []) say(dim(`  # ${remark}`));
    say(`  $ ${line}`);
    if (output.trim()) say(`  ${output.trim()}`);
  };
}

/** What the pages print and what the commands say on this machine instead. */
export function pagesSay(surroundings: Surroundings): string[] {
  return differences(surroundings).map(({ pages, commands }) =>
    t`The pages say ${pages}; the commands below say ${commands}.`
  );
}

function heading(stages: readonly Stage[], stage: Stage, back: boolean) {
  const number = stages.indexOf(stage) + 1;
  const what = back ? t`taken back` : stage.idea;
  return `\n${bold(`${number} ${stage.name}`)}: ${what}`;
}

/** The comment above each command of a stage, by command. */
function comments(stage: Stage, url: string): Map<string, string[]> {
  const page = readPage(Deno.readTextFileSync(new URL(url)));
  return new Map(
    page.commands.map(({ comment }, i) => [stage.commands[i], comment]),
  );
}

/** Why nothing was run. */
export function nothingRun(
  stages: readonly Stage[],
  target: Stage,
  level: number,
  mode: Mode,
): string {
  const at = stages.findIndex((stage) => stage.name === target.name);
  if (mode === "undo") return t`Stage ${target.name} is not in place.`;
  if (mode === "reach" && level > at + 1) {
    return t`The lab is past ${target.name}, at stage ${
      stages[level - 1].name
    }: nothing was changed.\nTo take it back to ${target.name}: ${
      typed(`stage:${target.name} --exactly`)
    }`;
  }
  return t`Stage ${target.name} is in place: nothing to do.`;
}

/** What to look at, as commands to type. */
export function lookLines(stage: Stage, machine: Machine): string[] {
  return stage.look.map(({ command }) =>
    t`Look: ${machine.kind === "here" ? command : typed(`exec -- ${command}`)}`
  );
}

/** What comes next. */
export function nextLine(
  stages: readonly Stage[],
  level: number,
  report: Report,
): string {
  const next = stages[level];
  if (next) {
    return t`Next: ${typed(`read ${next.name}`)}, then ${
      typed(`stage:${next.name}`)
    }`;
  }
  const isKept = reportExit(report) === EXIT.ok;
  return [
    completeLine(report),
    isKept
      ? t`Take it away with: ${typed("down")}`
      : t`Look into it: ${typed("doctor")}`,
  ].join("\n");
}
