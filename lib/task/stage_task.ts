/** The task that every stage is: bring the lab there, and prove it. */

import { adapt } from "../course/adapt.ts";
import { holds, progress } from "../course/facts.ts";
import { homeNamespace } from "../net/home_namespace.ts";
import {
  apply,
  confirm,
  confirmBack,
  type Mode,
  type Plan,
  plan,
  type Ran,
  sparing,
} from "../lab/plan.ts";
import { later } from "../cli/later.ts";
import { locked } from "../lab/lock.ts";
import { checkMove } from "../lab/move.ts";
import { forgetNeighbours } from "../lab/neighbours.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { look, reportExit } from "../lab/report.ts";
import { machineLine, reachLines } from "../lab/report_lines.ts";
import { snapshotFor } from "../course/snapshot_for.ts";
import { emptySnapshot, type Snapshot } from "../net/snapshot.ts";
import type { Stage } from "../course/stage.ts";
import {
  echoer,
  lookLines,
  nextLine,
  nothingRun,
  pagesSay,
} from "./stage_text.ts";
import { noteSubnet } from "../lab/subnet_note.ts";
import { type Call, SUBNET, type Task } from "./task.ts";
import { columns, say } from "../cli/terminal.ts";
import { causeLines, whyDiffers } from "./why.ts";
import { t } from "../cli/translate.ts";

/** Makes the task of a stage, whose source is at `url`. */
export function stageTask(stage: Stage, url: string): Task {
  return {
    name: `stage:${stage.name}`,
    about: t`Brings the lab to stage ${stage.name}: ${stage.idea}.\n
    Runs what is missing before it, then the stage, then shows what ns1\n
    reaches and what it should.`,
    usage: "[OPTIONS]",
    words: 0,
    where: "machine",
    options: {
      only: { about: t`run this stage alone, whatever is missing before it` },
      exactly: { about: t`also take back what is beyond this stage` },
      undo: { about: t`take the lab back to the stage before` },
      subnet: SUBNET,
      "dry-run": { about: t`show the commands, run none` },
      json: { about: t`print one JSON object and nothing else` },
      quiet: { about: t`print the verdicts and nothing else` },
    },
    main: (call) =>
      call.flags["dry-run"] ? bringTo(stage, url, call, true) : locked(
        (isFirst) => bringTo(stage, url, call, isFirst),
      ),
  };
}

async function bringTo(
  { name }: Stage,
  url: string,
  call: Call,
  isFirst: boolean,
): Promise<number> {
  const { flags, machine, guard, subnet } = call;
  const mode = readMode(flags);
  const text = !flags.json && !flags.quiet;
  // Loaded while the kernel is at work.
  const drawing:
    | Promise<typeof import("../draw/terminal_figure.ts")>
    | undefined = text
      ? import(later("../draw/terminal_figure.ts", import.meta))
      : undefined;
  if (!flags["dry-run"]) await guard?.settle();
  // A machine that was made for this very command holds nothing of the lab,
  // unless another command was faster.
  const isEmpty = machine.kind === "none" || machine.isNew && isFirst;
  const before = isEmpty ? emptySnapshot() : await snapshotFor(call.stages);
  // Only cards that come back need to be told where the machine itself is.
  const comesBack = mode === "undo" || mode === "exactly";
  const home = guard && comesBack ? await homeNamespace() : undefined;
  const stages = adapt(call.stages, { uplink: before.uplink, home });
  const at = stages.findIndex((stage) => stage.name === name);
  const target = stages[at];
  // Also a new machine has networks of its own, where no lab can be put.
  const isThere = call.movesFrom && machine.kind !== "none";
  checkMove(
    call.movesFrom,
    subnet,
    stages,
    isThere ? await snapshotFor(call.stages) : before,
  );
  await guard?.admit({
    stages,
    target: mode === "undo" ? undefined : target,
    subnet,
    snapshot: before,
  });
  const planned = (now: Snapshot) =>
    sparing(plan(stages, target, mode, now), guard);
  const { todo, reasons } = planned(before);
  if (text) {
    say(machineLine(machine, before.uplink ?? "eth0"));
    const { uplink } = before;
    pagesSay({ uplink, subnet, home }).forEach((line) => say(line));
  }
  if (flags["dry-run"]) return dryRun(todo, flags);
  noteSubnet(subnet);

  const ran: string[] = [];
  const echo = text ? echoer(stages, target, url) : () => {};
  const show = (each: Ran) => {
    ran.push(each.line);
    echo(each);
  };
  const again = (now: Snapshot) => planned(now).todo;
  await apply(stages, todo, show, { ...call, again });
  await forgetNeighbours(stages, todo, before);

  const { snapshot: after, report } = await look(
    call.stages,
    machine,
    text,
  );
  if (mode !== "undo" && mode !== "only") confirm(stages, target, after);
  confirmBack(stages, todo, before, after);
  if (flags.quiet && !flags.json) {
    reachLines(report).forEach((line) => say(line));
    return reportExit(report);
  }
  const diagnosis = await whyDiffers(report, call.stages);
  if (flags.json) {
    say(JSON.stringify({ ...report, ran, diagnosis }));
    return reportExit(report);
  }

  const { level, beyond } = progress(stages, after);
  if (reasons.length > 0) say(`\n${reasons.join("\n")}`);
  else if (ran.length === 0) {
    say(`\n${nothingRun(stages, target, level, mode)}`);
  }
  say();
  const added = stages.flatMap(({ facts }) => facts)
    .filter((fact) => !holds(fact, before) && holds(fact, after));
  (await drawing)?.figureLines(after, { added, columns: columns() })
    .forEach((line) => say(line));
  say();
  if (level > 0) reachLines(report).forEach((line) => say(line));
  else if (beyond) say(t`Stage ${stages[level].name} is missing.`);
  else say(t`The lab is empty.`);
  (await causeLines(diagnosis)).forEach((line) => say(line));
  say();
  if (level === at + 1 && mode !== "undo") {
    lookLines(target, machine).forEach((line) => say(line));
  }
  say(nextLine(stages, level, report));
  return reportExit(report);
}

function readMode(flags: Call["flags"]): Mode {
  const given = (["only", "exactly", "undo"] as const)
    .filter((mode) => flags[mode]);
  if (given.length > 1) {
    throw new Problem(
      t`--${given[0]} and --${given[1]} do not go together.`,
      t`Give one of them.`,
      EXIT.usage,
    );
  }
  return given[0] ?? "reach";
}

function dryRun({ back, forth }: Plan, flags: Call["flags"]): number {
  const lines = [
    ...back.flatMap(({ steps }) => steps.map((step) => step.undo)),
    ...forth.flatMap(({ steps }) => steps.map((step) => step.command)),
  ];
  if (flags.json) say(JSON.stringify({ wouldRun: lines }));
  else {
    say(lines.length ? t`Would run:` : t`Would run nothing: all is in place.`);
    lines.forEach((line) => say(`  $ ${line}`));
  }
  return EXIT.ok;
}
