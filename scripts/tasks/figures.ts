/** `deno task figures`: the documents' pictures, from the kernel of today. */

import { GALLERY, gallery } from "../../lib/draw/gallery.ts";
import { EXIT } from "../../lib/cli/problem.ts";
import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { run } from "./run.ts";
import { stageSnapshots } from "./stage_snapshots.ts";
import { t } from "../../lib/cli/translate.ts";

const FOLDER = new URL(`../../${GALLERY}/`, import.meta.url);

/** The task. */
export const task: Task = {
  name: "figures",
  about: t`Draws the pictures in ${GALLERY}: one for each stage and one of the\n
    hardware, from a throwaway sandbox that is taken through the stages.`,
  usage: "",
  words: 0,
  where: "host",
  needs: ["--allow-write=docs"],
  options: {},
  async main({ stages }) {
    const last = stages[stages.length - 1];
    const pictures = await gallery(stages, await stageSnapshots(last.name));
    Deno.mkdirSync(FOLDER, { recursive: true });
    for (const { file, svg } of pictures) {
      Deno.writeTextFileSync(new URL(file, FOLDER), svg);
      say(t`Wrote ${GALLERY}/${file}`);
    }
    return EXIT.ok;
  },
};

run(import.meta, task);
