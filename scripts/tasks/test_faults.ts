/** `deno task test:faults`: whatever goes wrong, nothing is left behind. */

import { EXIT } from "../../lib/cli/problem.ts";
import type { Task } from "../../lib/task/task.ts";
import { run } from "./run.ts";
import { launch } from "../../vm/launch.ts";
import { findMachine } from "../../vm/find_machine.ts";
import { ROOT } from "../../vm/path.ts";
import { FAULTS, runTests, withSameHost } from "./run_tests.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "test:faults",
  about:
    t`Kills, breaks and crowds the tasks in some hundred ways, and sees that\n
    the next command works and that \`down\` leaves all as it was before. In\n
    worlds of its own; some minutes. The table is docs/reliability.md.\n
    Then runs the tests that let many things go wrong at once.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  options: {
    only: { value: "ROW[/CELL]", about: t`the rows of this name, or one cell` },
    seed: {
      value: "NUMBER",
      about: t`other moments of the same kind; default 1`,
    },
    all: { about: t`every cell of every row: about twice as long` },
    write: { about: t`write the table into docs/reliability.md` },
  },
  async main({ flags: { only, seed, all, write } }) {
    const options = [
      ...(only ? [`--only=${only}`] : []),
      ...(seed ? [`--seed=${seed}`] : []),
      ...(all ? ["--all"] : []),
      ...(write ? ["--write"] : []),
    ];
    // Faults are the same however they are called.
    Deno.env.delete("LAB_ON");
    const matrix = await launch(await findMachine("host"), [
      ..."deno run --quiet --no-check --allow-all".split(" "),
      `${ROOT}tests/faults/main.ts`,
      ...options,
    ]);
    if (only || matrix === EXIT.usage) return matrix;
    const tests = await withSameHost(() => runTests(...FAULTS));
    return matrix || tests;
  },
};

run(import.meta, task);
