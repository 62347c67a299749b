/** The chapter docker: the lab by hand, then Docker's, and both side by side. */

import type { Chapter, Probe } from "../course/chapter.ts";
import { bringAbout, type Course, takeBack } from "../lab/chapter_lab.ts";
import { callFromCheckout, needsSandbox } from "../task/chapter_task.ts";
import { apply, plan } from "../lab/plan.ts";
import { runLine } from "../course/line.ts";
import { locked } from "../lab/lock.ts";
import { readPage } from "../course/page.ts";
import {
  type Answer,
  answerLines,
  answersExit,
  askAll,
} from "../reach/chapter_probe.ts";
import { Problem } from "../cli/problem.ts";
import { machineLine } from "../lab/report_lines.ts";
import { type Snapshot, takeSnapshot } from "../net/snapshot.ts";
import type { Call, Task } from "../task/task.ts";
import { bold, dim, say, tell } from "../cli/terminal.ts";
import { typed } from "../cli/typed.ts";
import { compare, rowLines } from "./side_by_side.ts";
import { readContainers } from "./containers.ts";
import { checkPrograms, startEngine } from "./engine.ts";
import { shapeOf } from "./shape.ts";
import { t } from "../cli/translate.ts";

/** Makes the task of the chapter, whose source is at `url`. */
export function dockerTask(chapter: Chapter, url: string): Task {
  return {
    name: `beyond:${chapter.name}`,
    about:
      t`Builds the lab, then has a real Docker Engine build its own, and shows\n
    both side by side: the network, the modes and a published port.`,
    usage: "[OPTIONS]",
    words: 0,
    where: "throwaway",
    sandbox: chapter.name,
    needs: chapter.needs,
    options: {
      keep: { about: t`do it in a sandbox "docker" that stays, to look at` },
      json: { about: t`print one JSON object and nothing else` },
    },
    main: (call) => locked(() => sideBySide(chapter, url, call)),
  };
}

async function sideBySide(
  chapter: Chapter,
  url: string,
  { flags, machine, stages, chapters }: Call,
): Promise<number> {
  needsSandbox(machine.kind, chapter.name);
  callFromCheckout();
  await checkPrograms();
  const before = await takeSnapshot();
  if (before.machine.links.some(({ name }) => name === "docker0")) {
    throw new Problem(
      t`There is an engine in the sandbox "${machine.name}" already.`,
      t`End it first: ${typed(`down --name ${machine.name}`)}`,
    );
  }
  tell(t`Building the lab by hand …`);
  const hand = await byHand({ stages, chapters: await chapters() });
  tell(t`Starting a Docker Engine …`);
  const engine = await startEngine();
  tell(t`Starting five containers …`);
  const docker = await byDocker(chapter);

  const rows = compare(shapeOf(hand.lab, "ns1"), shapeOf(docker.lab, "c1"));
  const answers = [...hand.modes, ...hand.publish, ...docker.answers];
  if (flags.json) {
    say(
      JSON.stringify({ chapter: chapter.name, machine, engine, rows, answers }),
    );
    return answersExit(answers);
  }
  say(machineLine(machine, before.uplink));
  say(t`Docker ${engine.version}, firewall by ${engine.firewall}`);
  say(`\n${bold(chapter.name)}: ${chapter.idea}`);
  const page = readPage(Deno.readTextFileSync(new URL(url)));
  for (const { comment, line } of page.commands) {
    comment.forEach((remark) => say(dim(`  # ${remark}`)));
    say(`  $ ${line}`);
  }
  say(bold(t`\nThe way from ns1 and from c1 to the internet`));
  rowLines(rows).forEach((line) => say(line));
  const [dockerModes, dockerPublish] = split(docker.answers);
  show("The modes, by hand", hand.modes);
  show("The modes, by Docker", dockerModes);
  show("A published port, by hand", hand.publish);
  show("A published port, by Docker", dockerPublish);
  rules(t`Rules by hand`, hand.published);
  rules(t`Rules by Docker`, docker.lab);
  say();
  closing(Boolean(flags.keep), machine.name).forEach((line) => say(line));
  return answersExit(answers);
}

/** The lab and two chapters, one after the other, and all taken back. */
async function byHand(course: Course): Promise<{
  lab: Snapshot;
  modes: Answer[];
  publish: Answer[];
  published: Snapshot;
}> {
  const chapter = (name: string) =>
    course.chapters.find((each) => each.name === name)!;
  const [modes, publish, shortcut] = ["modes", "publish", "shortcut"]
    .map(chapter);
  await bringAbout(modes, course);
  const seen = { lab: await takeSnapshot(), modes: await askAll(modes.probes) };
  await takeBack(modes, () => {});
  await bringAbout(publish, course);
  const also = {
    publish: await askAll(publish.probes),
    published: await takeSnapshot(),
  };
  await takeBack(publish, () => {});
  await takeBack(shortcut, () => {});
  const { stages } = course;
  const all = plan(stages, stages[0], "undo", await takeSnapshot());
  await apply(stages, all, () => {});
  return { ...seen, ...also };
}

/** The containers, each namespace by the name of its container. */
async function byDocker(
  { commands, probes }: Chapter,
): Promise<{ lab: Snapshot; answers: Answer[] }> {
  for (const command of commands) await runLine(command);
  for (const { name, pid, mode } of await readContainers("docker")) {
    // Docker's namespaces have no name for `ip netns`: this gives them one.
    if (mode !== "host") await runLine(`ip netns attach ${name} ${pid}`);
  }
  return { lab: await takeSnapshot(), answers: await askAll(probes) };
}

/** Pings first, then what went to the published port. */
function split(answers: Answer[]): [Answer[], Answer[]] {
  const isPublish = ({ to }: Probe | Answer) => to.endsWith(":8080");
  return [
    answers.filter((each) => !isPublish(each)),
    answers.filter(isPublish),
  ];
}

function show(title: string, answers: Answer[]) {
  say(bold(`\n${title}`));
  answerLines(answers).forEach((line) => say(line));
}

function rules(title: string, { rules }: Snapshot) {
  say(bold(`\n${title}`));
  const all = (rules.nat ?? []).filter((rule) => rule.startsWith("-A "));
  all.forEach((rule) => say(`  ${rule}`));
}

function closing(keep: boolean, name: string): string[] {
  if (!keep) {
    return [
      t`The engine and all of its network are gone with the sandbox.`,
      t`To look at them: ${typed("beyond:docker --keep")}`,
    ];
  }
  return [
    t`Look: ${typed(`exec --name ${name} -- docker ps`)}`,
    t`Look: ${
      typed(`exec --name ${name} -- ip -brief link show master docker0`)
    }`,
    t`Look: ${typed(`draw --name ${name}`)}`,
    t`Look: ${typed(`trace c1 8.8.8.8 --name ${name}`)}`,
    t`Look: ${typed(`doctor c1 --name ${name}`)}`,
    t`Away: ${typed(`down --name ${name}`)}`,
  ];
}
