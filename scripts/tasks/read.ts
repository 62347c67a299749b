/** `deno task read [NAME]`: a stage or a chapter as a page in the terminal. */

import { adaptText } from "../../lib/course/adapt.ts";
import type { Chapter } from "../../lib/course/chapter.ts";
import { type Item, readPage } from "../../lib/course/page.ts";
import type { Stage } from "../../lib/course/stage.ts";
import { stageNamed } from "../../lib/course/stage_named.ts";
import type { Subnet } from "../../lib/course/subnet.ts";
import { SUBNET, type Task } from "../../lib/task/task.ts";
import { bold, dim, say } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { run } from "./run.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "read",
  about: t`Shows a stage or a chapter as a page; without its name, the table\n
    of contents.`,
  usage: "[STAGE|CHAPTER]",
  words: 1,
  where: "host",
  options: { subnet: SUBNET },
  async main({ words: [name], stages, chapters: load, subnet }) {
    const chapters = await load();
    if (!name) showContents(stages, chapters);
    else showPage(stageNamed([...stages, ...chapters], name), stages, subnet);
    return 0;
  },
};

function showContents(
  stages: readonly Stage[],
  chapters: readonly Chapter[],
) {
  say(bold(t`Docker's default network, by hand\n`));
  stages.forEach(({ name, idea }, i) =>
    say(`  ${i + 1} ${name.padEnd(8)} ${idea}`)
  );
  say(bold("\nBeyond\n"));
  chapters.forEach(({ name, idea }) => say(`  ${name.padEnd(14)} ${idea}`));
  say(t`\nRead one: ${typed(`read ${stages[0].name}`)}`);
}

function showPage(
  lesson: Stage | Chapter,
  stages: readonly Stage[],
  subnet: Subnet,
) {
  const folder = "probes" in lesson ? "beyond/" : "";
  const page = readPage(
    Deno.readTextFileSync(
      new URL(`../${folder}${lesson.name}.ts`, import.meta.url),
    ),
  );
  const [title, ...text] = page.header;
  say(bold(`${title} ${lesson.idea[0].toUpperCase()}${lesson.idea.slice(1)}.`));
  text.forEach((line) => say(line));
  showItems("The commands", page.commands, subnet);
  showItems("Look", page.look, subnet);
  say(bold(t`\nWhat works now, and what does not\n`));
  page.reach.forEach((line) => say(line));
  say();
  if ("probes" in lesson) showProbes(lesson);
  else {
    say(t`    ns1 to ns2      ${lesson.reach.ns2}`);
    say(`    ns1 to 8.8.8.8  ${lesson.reach.internet}`);
  }
  showItems("The way back", page.undo, subnet);
  const kind = "probes" in lesson ? "beyond" : "stage";
  say(t`\nDo it:  ${typed(`${kind}:${lesson.name}`)}`);
  if (kind === "stage") {
    say(t`See it: ${typed(`draw --stage ${lesson.name}`)}`);
  }
  const next = "probes" in lesson
    ? undefined
    : stages[stages.indexOf(lesson) + 1];
  if (next) say(`Then:   ${typed(`read ${next.name}`)}`);
}

function showProbes({ probes }: Chapter) {
  for (const { from, to, command, verdict } of probes) {
    say(`    ${t`${from} to ${to}`.padEnd(32)} ${verdict}`);
    say(dim(`      $ ${command}`));
  }
}

function showItems(title: string, items: Item[], subnet: Subnet) {
  if (items.length === 0) return;
  say(bold(`\n${title}\n`));
  for (const { comment, line } of items) {
    comment.forEach((remark) => say(dim(`    # ${remark}`)));
    say(`    $ ${adaptText(line, { subnet })}`);
  }
}

run(import.meta, task);
