/** The start screen: at most 23 lines, so that the prompt below fits as well. */

import type { Progress } from "../../lib/course/facts.ts";
import { machineLine } from "../../lib/lab/report_lines.ts";
import type { Stage } from "../../lib/course/stage.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { bold, dim, green } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { GROUPS } from "./groups.ts";
import { t } from "../../lib/cli/translate.ts";

/** Where the lab is: in no machine, in one that cannot be asked, or how far. */
export type Whereabouts =
  | "nowhere"
  | "unknown"
  | { machine: Machine; progress: Progress };

/** The screen, line by line. */
export function startLines(
  stages: readonly Stage[],
  where: Whereabouts,
): string[] {
  const known = typeof where === "string" ? undefined : where;
  return [
    bold(t`Docker's default network, made by hand in nine stages`) +
    dim(" (docker0-by-hand)"),
    ...(known ? [machineLine(known.machine)] : []),
    "",
    ...stages.map((stage, i) => stageLine(stage, i, known?.progress)),
    "",
    ...nextLines(stages, where),
    "",
    ...groupRows().map(([label, tasks]) => dim(label.padEnd(LABEL)) + tasks),
    dim("all".padEnd(LABEL)) + t`${typed("help")}, or ${typed("help TASK")}`,
  ];
}

const LABEL = 10;

function stageLine(
  { name, idea }: Stage,
  i: number,
  progress?: Progress,
): string {
  const isNext = progress?.level === i;
  const mark = !progress ? "" : progress.inPlace[i] ? green("✓ ") : "· ";
  const here = !isNext
    ? ""
    : progress.beyond
    ? "  <- missing, or half in place"
    : "  <- next";
  const label = t`${mark}${i + 1} ${name.padEnd(9)}`;
  return `  ${isNext ? bold(label) : label}${dim(idea)}${bold(here)}`;
}

/** What to type next. */
function nextLines(stages: readonly Stage[], where: Whereabouts): string[] {
  const rows = nextRows(stages, where);
  const width = Math.max(...rows.map(([_, task]) => typed(task).length)) + 3;
  return rows.map(([label, task, about]) =>
    `${label.padEnd(LABEL)}${bold(typed(task).padEnd(width))}${dim(about)}`
  );
}

/** A label, the task, what it does. */
function nextRows(
  stages: readonly Stage[],
  where: Whereabouts,
): [string, string, string][] {
  if (where === "unknown") {
    return [["Where?", "status", t`where you are, and what reaches what`]];
  }
  const { level, inPlace } = where === "nowhere"
    ? { level: 0, inPlace: [] }
    : where.progress;
  const next = stages[level];
  if (!next) {
    return [
      [t`All there`, "status", t`what reaches what, as promised`],
      ["", "trace", t`one packet, and every place where it was seen`],
      ["", "down", t`takes it all away`],
    ];
  }
  const all: [string, string, string] = [
    "or",
    `stage:${stages.at(-1)!.name}`,
    t`all nine at once`,
  ];
  return [
    [
      level > 0 ? "Next" : "Start",
      `read ${next.name}`,
      t`the stage as a page: what it does, and why`,
    ],
    ["", `stage:${next.name}`, t`does it, and proves what reaches what`],
    ...(inPlace.some(Boolean) ? [] : [all]),
  ];
}

/** Groups of the other tasks, as many as fit. */
function groupRows(): [string, string][] {
  const shown = ["look", t`go in`, "read", "beyond", "end"];
  return GROUPS.filter(({ title }) => shown.includes(title))
    .map(({ title, tasks }) => {
      const [first, ...others] = tasks;
      // One prefix says it for all of them.
      const names = others.map((name) => name.replace(/^\w+(?=:)/, ""));
      return [title, [first, ...names].join("  ")];
    });
}
