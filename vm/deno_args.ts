/**
 * What a script of ours may do where it runs, told to Deno as it is started. The
 * lists are those of "permissions" in deno.json: "machine" for what works on a
 * machine's network, "host" for what works outside of all machines.
 *
 * They tell what a script does, and stop a slip of ours. They are no wall:
 * whoever may run `ip` as root can do nearly anything. What protects the host
 * is the sandbox.
 */

import config from "../deno.json" with { type: "json" };
import type { Machine } from "../lib/lab/machine.ts";

/**
 * The words after `deno` that start a script.
 *
 * @param script its path there.
 * @param needs what it takes beyond the list, in flags of Deno.
 */
export function denoArgs(
  { kind }: Machine,
  script: string,
  needs: readonly string[] = [],
): string[] {
  const { host, machine } = config.permissions;
  return [
    "run",
    "--quiet",
    "--no-prompt",
    ...Object.entries(kind === "none" ? host : machine).map(flag),
    ...needs,
    script,
  ];
}

/** Whether what works on the host may all of this. */
export function mayAlready(needs: readonly string[] = []): boolean {
  const { host } = config.permissions;
  return needs.every((need) => {
    const [, name, list] = /^--allow-(\w+)(?:=(.*))?$/.exec(need) ?? [];
    const may = Object.entries(host).find((each) => each[0] === name)?.[1];
    if (!Array.isArray(may)) return may === true;
    return list?.split(",").every((each) => may.includes(each)) ?? false;
  });
}

function flag([name, may]: [string, string[] | boolean]): string {
  return Array.isArray(may) ? `--allow-${name}=${may}` : `--allow-${name}`;
}
