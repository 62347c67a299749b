/** `deno task draw`: a figure of the lab, from what the kernel says. */

import config from "../../deno.json" with { type: "json" };
import { writeForCaller } from "../../lib/cli/callers_file.ts";
import { toDot } from "../../lib/draw/dot.ts";
import { figure } from "../../lib/draw/figure.ts";
import { toMermaid } from "../../lib/draw/mermaid.ts";
import type { Figure } from "../../lib/draw/model.ts";
import { toSvg } from "../../lib/draw/svg.ts";
import { readSeen } from "../../lib/draw/read.ts";
import { toLines } from "../../lib/draw/terminal_figure.ts";
import { stageTitle } from "../../lib/draw/title.ts";
import { ENGLISH } from "../../lib/draw/words.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { machineLine } from "../../lib/lab/report_lines.ts";
import type { Stage } from "../../lib/course/stage.ts";
import { stageNamed } from "../../lib/course/stage_named.ts";
import { emptySnapshot } from "../../lib/net/snapshot.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { readSnapshot } from "../../lib/net/snapshot_file.ts";
import { type Call, COMMON, type Task } from "../../lib/task/task.ts";
import { columns, say } from "../../lib/cli/terminal.ts";
import { run } from "./run.ts";
import { denoItself } from "../../vm/path.ts";
import { stageSnapshots } from "./stage_snapshots.ts";
import { t } from "../../lib/cli/translate.ts";

/** What is to be drawn. */
interface Scene {
  drawn: Figure;
  /** What it is called. */
  title: string;
  /** Which machine it is of, for people. */
  source: string;
}

/** The formats, of which one is chosen. */
const FORMATS = ["ascii", "svg", "mermaid", "dot", "json"] as const;
/** The sources, of which one is chosen. */
const SOURCES = ["stage", "from"] as const;

/** The task. */
export const task: Task = {
  name: "draw",
  about: t`Draws the lab as it is now, from what the kernel says. What does\n
    not exist yet is dashed.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  // The picture goes wherever the user wants it.
  needs: ["--allow-write=/"],
  options: {
    stage: {
      value: "STAGE",
      about: t`the lab at that stage, built aside in a throwaway sandbox`,
    },
    from: {
      value: "FILE",
      about: t`what the task snapshot wrote, perhaps elsewhere`,
    },
    physical: { about: t`as hardware: servers, a switch, a router, cables` },
    ascii: { about: t`without box characters, which may be double-width` },
    svg: {
      value: "FILE",
      about: t`as a picture, light and dark; --svg=- to stdout`,
    },
    mermaid: { about: t`as a Mermaid flowchart, for pages of Markdown` },
    dot: { about: t`in Graphviz's language` },
    json: { about: t`as JSON: what every format is made from` },
  },
  async main(call) {
    const { flags } = call;
    const format = oneOf(flags, FORMATS);
    checkPhysical(flags, format);
    const { drawn, title, source } = await findScene(call);
    if (flags.physical && !drawn.isLab) throw notTheLab();
    if (format === "svg") {
      const physical = Boolean(flags.physical);
      return save(flags.svg as string, await toSvg(drawn, { title, physical }));
    }
    say(inText(drawn, format, source, flags).trimEnd());
    return EXIT.ok;
  },
};

function inText(
  drawn: Figure,
  format: typeof FORMATS[number] | undefined,
  source: string,
  flags: Call["flags"],
): string {
  switch (format) {
    case "mermaid":
      return toMermaid(drawn, ENGLISH);
    case "dot":
      return toDot(drawn, ENGLISH);
    case "json":
      return JSON.stringify(drawn, null, 2);
  }
  const ascii = format === "ascii";
  const physical = Boolean(flags.physical);
  const options = { ascii, physical, columns: columns() };
  return [source, "", ...toLines(drawn, options)].join("\n");
}

/** The state that the flags ask for. */
async function findScene({ flags, stages }: Call): Promise<Scene> {
  const source = oneOf(flags, SOURCES);
  if (source === "stage") {
    const stage = stageNamed(stages, flags.stage as string);
    return await atStage(stage, stages);
  }
  const title = t`The network now`;
  if (source === "from") {
    const file = flags.from as string;
    const snapshot = await readSnapshot(file);
    return { drawn: figure(snapshot), title, source: t`From: ${file}` };
  }
  const { machine, uplink, drawn } = await seenInside(flags);
  return { drawn, title, source: machineLine(machine, uplink) };
}

/** What the machine's side of this task found there. */
interface Inside {
  machine: Machine;
  uplink?: string;
  drawn: Figure;
}

/** The first word of the machine's side. */
const INSIDE = "--inside";

/**
 * The machine's side: a firewall's rules, as the figure judges them, cannot be
 * handed out as JSON; the figure can.
 */
const inside: Task = {
  name: "draw",
  about: task.about,
  usage: "",
  words: 0,
  where: "machine if there",
  needs: ["--allow-run=docker,podman"],
  options: { inside: { about: t`print what is in the machine` } },
  async main({ machine }) {
    const { snapshot, ...more } = machine.kind === "none"
      ? { snapshot: emptySnapshot() }
      : await readSeen();
    const drawn = figure(snapshot, more);
    const told: Inside = { machine, uplink: snapshot.uplink, drawn };
    say(JSON.stringify(told));
    return EXIT.ok;
  },
};

/**
 * Starts the machine's side. Where that fails it has said why, and this process
 * ends with its exit code.
 */
async function seenInside(flags: Call["flags"]): Promise<Inside> {
  const given = Object.keys(COMMON).flatMap((name) =>
    flags[name] ? [`--${name}=${flags[name]}`] : []
  );
  const [_deno, ...words] = config.tasks.draw.command.split(" ");
  const [program, ...args] = [...denoItself(), ...words, INSIDE, ...given];
  const { code, stdout } = await new Deno.Command(program, {
    args,
    cwd: new URL("../..", import.meta.url),
    // It is to find the machine itself.
    env: { LAB_MACHINE: "" },
    stdin: "null",
    stderr: "inherit",
  }).output();
  // Deno itself ends with 1 where it cannot run a script.
  if (code !== 0) Deno.exit(code === EXIT.differs ? EXIT.blocked : code);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function atStage(stage: Stage, all: readonly Stage[]): Promise<Scene> {
  const snapshots = await stageSnapshots(stage.name);
  return {
    drawn: figure(snapshots[snapshots.length - 1], { added: stage.facts }),
    title: stageTitle(stage, all),
    source: t`Machine: a throwaway sandbox at stage ${stage.name}`,
  };
}

function save(file: string, text: string): number {
  if (file === "-") {
    say(text.trimEnd());
    return EXIT.ok;
  }
  writeForCaller(file, text);
  say(t`Wrote ${file}`);
  return EXIT.ok;
}

/** The one of these options that was given, if any. */
function oneOf<T extends string>(
  flags: Call["flags"],
  names: readonly T[],
): T | undefined {
  const given = names.filter((name) => flags[name]);
  if (given.length < 2) return given[0];
  throw new Problem(
    t`--${given[0]} and --${given[1]} do not go together.`,
    t`Give one of them.`,
    EXIT.usage,
  );
}

function checkPhysical(flags: Call["flags"], format?: string) {
  if (!flags.physical || !["mermaid", "dot", "json"].includes(format ?? "")) {
    return;
  }
  throw new Problem(
    t`--physical and --${format} do not go together.`,
    t`The hardware is drawn in the terminal, and with --svg.`,
    EXIT.usage,
  );
}

function notTheLab(): Problem {
  return new Problem(
    t`Cannot draw this network as hardware: it is not the lab's.`,
    t`Draw it without --physical.`,
  );
}

run(import.meta, Deno.args[0] === INSIDE ? inside : task);
