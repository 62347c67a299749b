/** `deno task doctor`: why can it not reach out? */

import { runFix } from "../../lib/doctor/fix.ts";
import { diagnose, type Wish } from "../../lib/doctor/diagnose.ts";
import { paragraph, reportLines } from "../../lib/doctor/diagnosis_text.ts";
import {
  codeSections,
  codeTable,
  explainCode,
} from "../../lib/doctor/print_codes.ts";
import { containerTarget, processTarget } from "../../lib/doctor/target.ts";
import type { Diagnosis, Question } from "../../lib/doctor/diagnosis.ts";
import { addendum } from "../../lib/doctor/means.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { machineLine } from "../../lib/lab/report_lines.ts";
import { stageNamed } from "../../lib/course/stage_named.ts";
import type { Call, Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { readPort, readTarget } from "../../lib/cli/port.ts";
import { isDnsName } from "../../lib/doctor/dns_message.ts";
import type { Asked } from "../../lib/doctor/asked.ts";
import { run } from "./run.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "doctor",
  about:
    t`Says why a namespace cannot reach its neighbour or the internet: the root\n
    cause, the line that shows it, and the command that mends it. Looks at the\n
    lab, or with --on here at any namespace of this Linux, as root; it changes\n
    nothing unless told to with --fix.`,
  usage: "[FROM [TO]] [OPTIONS]",
  words: 2,
  where: "machine if there",
  needs: ["--allow-run=docker,podman,timeout"],
  options: {
    tcp: { value: "PORT", about: t`ask for a TCP connection, not by ping` },
    udp: { value: "PORT", about: t`send a datagram` },
    dns: { value: "NAME", about: t`ask its resolver for a name` },
    large: { about: t`send a ping as large as its card takes, unsplit` },
    pid: { value: "PID", about: t`look at the namespace of this process` },
    container: { value: "NAME", about: t`of this Docker or Podman container` },
    stage: { value: "STAGE", about: t`what the lab should be at, such as nat` },
    "no-probe": { about: t`send no ping, only read` },
    fix: { about: t`run the fix, ask before each command, check again` },
    yes: { about: t`with --fix: do not ask` },
    json: { about: t`print one JSON object and nothing else` },
    explain: { value: "CODE", about: t`say more of a code, such as link-down` },
    table: { about: t`print all codes in Markdown, as in docs/doctor.md` },
  },
  async main(call) {
    const { flags, machine } = call;
    checkWords(call);
    if (flags.table) return print([codeTable(), "", codeSections()]);
    if (flags.explain) {
      return print(
        explainCode(`${flags.explain}`).flatMap((line) => paragraph(line, 0)),
      );
    }
    if (machine.kind === "none") {
      throw new Problem(
        t`There is no lab to look at yet.`,
        t`Build it: ${
          typed("stage:nat")
        }. Or look at this very Linux, as root: ${
          typed("doctor NAMESPACE --on here")
        }`,
      );
    }
    const wish = await readWish(call);
    refuseFix(call);
    let isAnnounced = false;
    if (machine.kind === "here" && !flags.json) {
      wish.announce = (questions) => {
        if (isAnnounced) return;
        isAnnounced = true;
        say(`${machineLine(machine)}\n`);
        announce(questions);
      };
    }
    let diagnosis = await diagnose(wish);
    if (flags.json) {
      const told = JSON.stringify({ format: FORMAT, ...diagnosis });
      return print([told], exit(diagnosis));
    }
    if (!isAnnounced) say(`${machineLine(machine)}\n`);
    print(reportLines(diagnosis));
    const tried = new Set<string>();
    while (flags.fix && diagnosis.cause && !diagnosis.cause.stage) {
      const lines = diagnosis.cause.fix;
      if (lines.length === 0 || tried.has(lines.join())) break;
      tried.add(lines.join());
      say();
      if (!await runFix(lines, flags.yes === true)) break;
      say(t`Checking again.\n`);
      diagnosis = await diagnose(wish);
      print(reportLines(diagnosis));
    }
    return exit(diagnosis);
  },
};

/** The number of the form of what --json prints. */
const FORMAT = 2;

/** On a machine of somebody's own: what is sent there, before it is. */
function announce(questions: readonly Question[]): void {
  const targets = new Map<string, string[]>();
  for (const { from, to, means } of questions) {
    targets.set(from, [
      ...targets.get(from) ?? [],
      `${to}${addendum(means)}`,
    ]);
  }
  say(t`Sends packets, which --no-probe leaves out:`);
  const shown = [...targets].slice(0, 8);
  for (const [from, to] of shown) {
    print(paragraph(t`from ${from} to ${to.join(", ")}`, 4, "  - "));
  }
  const rest = targets.size - shown.length;
  if (rest > 0) say(t`  - and from ${rest} more likewise`);
  say();
}

function print(lines: string[], code: number = EXIT.ok): number {
  lines.forEach((line) => say(line));
  return code;
}

async function readWish({ flags, words, stages }: Call): Promise<Wish> {
  const [name, second] = words;
  const isAlone = Boolean(flags.pid || flags.container);
  const target = readTarget((isAlone ? name : second) ?? "");
  const wish: Wish = {
    stages,
    probe: !flags["no-probe"],
    to: target.word || undefined,
    by: readBy(flags, target.port),
  };
  if (flags.stage) {
    wish.promised = stageNamed(stages, `${flags.stage}`).name;
  }
  if (flags.pid && flags.container) {
    throw new Problem(
      t`--pid and --container do not go together.`,
      t`Give one of them.`,
      EXIT.usage,
    );
  }
  if (flags.pid || flags.container) {
    // The only word is then what is to be reached.
    wish.from = flags.pid
      ? await processTarget(`${flags.pid}`)
      : await containerTarget(`${flags.container}`);
  } else if (name) {
    const [, pid] = name.match(/^pid:(.*)$/) ?? [];
    wish.from = pid ? await processTarget(pid) : { label: name };
  }
  return wish;
}

/** What is to be sent. Throws a {@linkcode Problem}. */
function readBy(flags: Call["flags"], port?: number): Asked | undefined {
  const given = ["tcp", "udp", "dns", "large"].filter((name) => flags[name]);
  if (given.length > 1) {
    throw new Problem(
      t`--${given[0]} and --${given[1]} do not go together.`,
      t`Ask one question at a time.`,
      EXIT.usage,
    );
  }
  const [kind] = given;
  if (port !== undefined && kind) {
    throw new Problem(
      t`A port behind the address is one of TCP: it does not go with --${kind}.`,
      t`Leave one of them out.`,
      EXIT.usage,
    );
  }
  if (port !== undefined) return { kind: "tcp", port };
  if (kind === "tcp" || kind === "udp") {
    return { kind, port: readPort(`${flags[kind]}`, kind) };
  }
  if (kind === "large") return { kind };
  if (kind !== "dns") return undefined;
  const name = `${flags.dns}`;
  if (isDnsName(name)) return { kind, name };
  throw new Problem(
    t`Cannot ask for ${JSON.stringify(name)}: that is no name of a computer.`,
    t`A name is letters, digits, hyphens and points: --dns example.org.`,
    EXIT.usage,
  );
}

/** Throws a {@linkcode Problem} for what would be ignored. */
function checkWords({ flags, words }: Call): void {
  const alone = ["explain", "table"].find((name) => flags[name]);
  if (alone && (words.length > 0 || flags.json)) {
    throw new Problem(
      t`--${alone} is about no network: it takes no namespace and no --json.`,
      t`Leave them out.`,
      EXIT.usage,
    );
  }
  if (flags.yes && !flags.fix) {
    throw new Problem(
      t`--yes is for --fix: nothing else asks.`,
      t`Type --fix --yes to run a fix without being asked.`,
      EXIT.usage,
    );
  }
}

/** What others made is looked at and never touched. */
function refuseFix({ flags, machine }: Call): void {
  if (!flags.fix) return;
  if (flags.json) {
    throw new Problem(
      t`--fix and --json do not go together.`,
      t`A fix asks before it runs.`,
      EXIT.usage,
    );
  }
  if (!flags.pid && !flags.container && machine.kind !== "here") return;
  throw new Problem(
    t`--fix is for the lab alone: what others made is never touched.`,
    t`Run without --fix, and type the printed command yourself.`,
    EXIT.usage,
  );
}

/** 0 all as promised, 1 something is wrong, 3 it could not be checked. */
function exit({ cause, probes, questions }: Diagnosis): number {
  if (cause && !cause.stage) return EXIT.differs;
  const unknown = probes.some(({ verdict }) => verdict === "could-not-check");
  return unknown || questions.length === 0 && !cause ? EXIT.blocked : EXIT.ok;
}

// Processes and containers are those of this very Linux, not of a sandbox.
if (
  import.meta.main && !Deno.env.get("LAB_ON") &&
  Deno.args.some((word) => /^--(pid|container)(=|$)/.test(word))
) Deno.env.set("LAB_ON", "here");

run(import.meta, task);
