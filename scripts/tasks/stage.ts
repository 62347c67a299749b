/** `deno task stage:NAME`: brings the lab to a stage, and proves it. */

import { later } from "../../lib/cli/later.ts";
import { stages } from "../mod.ts";
import { lessonOf } from "./lesson.ts";
import { runLater } from "./run.ts";

if (import.meta.main) {
  const { lesson: stage, words } = lessonOf("stage", stages);
  runLater(import.meta, { where: "machine" }, async () => {
    const { stageTask }: typeof import("../../lib/task/stage_task.ts") =
      await import(later("../../lib/task/stage_task.ts", import.meta));
    const source = new URL(`../${stage.name}.ts`, import.meta.url);
    return stageTask(stage, source.href);
  }, words);
}
