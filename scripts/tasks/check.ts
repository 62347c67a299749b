/** `deno task check`: format, lint, types, doc comments and imports. */

import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { run } from "./run.ts";
import { denoItself, ROOT } from "../../vm/path.ts";
import { t } from "../../lib/cli/translate.ts";

const CHECKS = [
  ["run", "--allow-read", "scripts/tasks/house.ts"],
  ["fmt", "--check"],
  ["lint"],
  ["check", "--quiet", "."],
  [
    "doc",
    "--quiet",
    "--lint",
    "scripts/mod.ts",
    ...modules("lib"),
    ...modules("vm"),
  ],
];

/** The modules of a folder and of the folders in it, but not the stand-in. */
function modules(folder: string): string[] {
  return [...Deno.readDirSync(ROOT + folder)]
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap(({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      if (isDirectory) return path === "vm/std" ? [] : modules(path);
      return name.endsWith(".ts") ? [path] : [];
    });
}

/** The task. */
export const task: Task = {
  name: "check",
  about: t`Checks format, lint, types, doc comments and imports.`,
  usage: "",
  words: 0,
  where: "host",
  options: {},
  async main() {
    let worst = 0;
    for (const args of CHECKS) {
      say(
        t`$ deno ${args.slice(0, 4).join(" ")}${args.length > 4 ? " …" : ""}`,
      );
      const [program, ...words] = denoItself();
      const { code } = await new Deno.Command(program, {
        args: [...words, ...args],
        cwd: ROOT,
        stdin: "null",
        stdout: args[0] === "doc" ? "null" : "inherit",
        stderr: "inherit",
      }).spawn().status;
      worst = Math.max(worst, code);
    }
    return worst;
  },
};

run(import.meta, task);
