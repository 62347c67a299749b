/** The tasks, by what somebody wants who looks for one. */

import config from "../../deno.json" with { type: "json" };
import { t } from "../../lib/cli/translate.ts";

/** Tasks that belong together. */
export interface Group {
  /** What one does with them, in a word or two. */
  title: string;
  /** Their names. */
  tasks: string[];
}

/** What each task is for, by its name. */
export const TASKS: Record<string, string> = Object.fromEntries(
  Object.entries(config.tasks)
    .map(([name, { description }]) => [name, description]),
);

const begin = (word: string) =>
  Object.keys(TASKS).filter((name) => name.startsWith(word));

const NAMED: Group[] = [
  { title: t`the stages`, tasks: begin("stage:") },
  { title: "look", tasks: ["status", "draw", "trace", "doctor", "reasons"] },
  { title: t`go in`, tasks: ["shell", "exec"] },
  { title: "read", tasks: ["read", "export"] },
  { title: "beyond", tasks: begin("beyond:") },
  { title: "containers", tasks: ["inspect-docker"] },
  { title: "end", tasks: ["list", "down"] },
  { title: "help", tasks: ["help"] },
];

/** All of them. What has no other place is for those who work on the lab. */
export const GROUPS: Group[] = [
  ...NAMED.map(({ title, tasks }) => ({
    title,
    tasks: tasks.filter((name) => name in TASKS),
  })),
  {
    title: "for maintainers",
    tasks: Object.keys(TASKS).filter((name) =>
      !NAMED.some(({ tasks }) => tasks.includes(name))
    ),
  },
];
