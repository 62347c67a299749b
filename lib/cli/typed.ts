/** How to name a task to the user: the way in which he called us. */

import { ownArgs } from "./own_args.ts";

/** What a task's name comes after: `./lab`, or `deno task`. */
export function caller(): string {
  return Deno.env.get("LAB_CALL") || "deno task";
}

/**
 * `deno task …`, or `./lab …` for those who came by way of `./lab`, who may
 * have no Deno of their own; on the same machine.
 */
export function typed(words: string): string {
  const [task, ...dashes] = words.split(" -- ");
  // Some name the machine themselves, as the chapters do.
  const options = / --(on|name)\b/.test(task) ? [] : machineOptions();
  const line = [task, ...options].join(" ");
  return [
    `${caller()} ${line}`,
    ...dashes,
  ].join(" -- ");
}

/** `--on` and `--name`, as they were given. */
function machineOptions(): string[] {
  const args = ownArgs();
  return args.flatMap((arg, i) => {
    if (/^--(on|name)=/.test(arg)) return [arg];
    return /^--(on|name)$/.test(arg) ? [arg, args[i + 1]] : [];
  });
}
