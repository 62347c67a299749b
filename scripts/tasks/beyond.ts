/** `deno task beyond:NAME`: a chapter after the nine stages. */

import { later } from "../../lib/cli/later.ts";
import { chapters } from "../beyond/mod.ts";
import { lessonOf } from "./lesson.ts";
import { runLater } from "./run.ts";

if (import.meta.main) {
  const { lesson: chapter, words } = lessonOf("beyond", chapters);
  const { name, engine, needs } = chapter;
  const where = engine ? "throwaway" : "machine";
  // The sandbox of a chapter has its name: no chapter disturbs a lab.
  const entry = { where, sandbox: name, needs } as const;
  runLater(import.meta, entry, async () => {
    const source = new URL(`../beyond/${name}.ts`, import.meta.url).href;
    if (engine) {
      const { dockerTask }:
        typeof import("../../lib/docker/docker_chapter.ts") = await import(
          later("../../lib/docker/docker_chapter.ts", import.meta)
        );
      return dockerTask(chapter, source);
    }
    const { chapterTask }: typeof import("../../lib/task/chapter_task.ts") =
      await import(later("../../lib/task/chapter_task.ts", import.meta));
    return chapterTask(chapter, source);
  }, words);
}
