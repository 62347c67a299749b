/** `deno task read [STAGE]`: a stage as a page in the terminal. */

import { adaptText } from "../../lib/adapt.ts";
import { type Item, readPage } from "../../lib/page.ts";
import type { Stage } from "../../lib/stage.ts";
import { stageNamed } from "../../lib/stage_named.ts";
import type { Subnet } from "../../lib/subnet.ts";
import { SUBNET, type Task } from "../../lib/task.ts";
import { bold, dim, say } from "../../lib/terminal.ts";
import { typed } from "../../lib/typed.ts";
import { enter } from "../../vm/enter.ts";

/** The task. */
export const task: Task = {
  name: "read",
  about: "Shows a stage as a page; without a stage, the table of contents.",
  usage: "[STAGE]",
  words: 1,
  where: "host",
  options: { subnet: SUBNET },
  // deno-lint-ignore require-await
  async main({ words: [name], stages, subnet }) {
    if (name) showPage(stageNamed(stages, name), stages, subnet);
    else showContents(stages);
    return 0;
  },
};

function showContents(stages: readonly Stage[]) {
  say(bold("Docker's default network, by hand\n"));
  stages.forEach(({ name, idea }, i) =>
    say(`  ${i + 1} ${name.padEnd(8)} ${idea}`)
  );
  say(`\nRead one: ${typed(`read ${stages[0].name}`)}`);
}

function showPage(stage: Stage, stages: readonly Stage[], subnet: Subnet) {
  const page = readPage(
    Deno.readTextFileSync(new URL(`../${stage.name}.ts`, import.meta.url)),
  );
  const [title, ...text] = page.header;
  say(bold(title));
  text.forEach((line) => say(line));
  showItems("The commands", page.commands, subnet);
  showItems("Look", page.look, subnet);
  say(bold("\nWhat works now, and what does not\n"));
  page.reach.forEach((line) => say(line));
  say();
  say(`    ns1 to ns2      ${stage.reach.ns2}`);
  say(`    ns1 to 8.8.8.8  ${stage.reach.internet}`);
  showItems("The way back", page.undo, subnet);
  const next = stages[stages.indexOf(stage) + 1];
  say(`\nDo it: ${typed(`stage:${stage.name}`)}`);
  if (next) say(`Then:  ${typed(`read ${next.name}`)}`);
}

function showItems(title: string, items: Item[], subnet: Subnet) {
  say(bold(`\n${title}\n`));
  for (const { comment, line } of items) {
    comment.forEach((remark) => say(dim(`    # ${remark}`)));
    say(`    $ ${adaptText(line, { subnet })}`);
  }
}

enter(import.meta, task);
