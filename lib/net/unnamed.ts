/** Network namespaces that have no name: those of containers, and of processes. */

import { atATime } from "../cli/at_a_time.ts";
import { run } from "../cli/command.ts";
import { t } from "../cli/translate.ts";
import { enginesToAsk } from "./engines.ts";
import { tryRun } from "./firewall/read.ts";
import { namespaceInodes } from "./named.ts";

/** One of them. */
export interface Unnamed {
  /** `container web`, as its engine calls it; `process 12 (sleep)`. */
  label: string;
  /** The words that run a command inside. */
  enter: string[];
}

/**
 * All that one may look for, by lsns(8): neither our own nor a named one, each
 * once, by its first process.
 *
 * @param but the ids of processes whose namespaces are known already.
 */
export async function unnamedNamespaces(
  but: readonly string[] = [],
): Promise<Unnamed[]> {
  const [listed, ...known] = await Promise.all([
    tryRun("lsns --json --type net --output NS,PID,COMMAND".split(" ")),
    ...[`${Deno.pid}`, ...but].map(namespaceOf),
  ]);
  // Without lsns, or without a right to look, there is nothing to tell.
  if (!listed || listed.code !== 0 || !listed.stdout) return [];
  const inodes = new Set([...known, ...namespaceInodes()]);
  const found: { ns: number; pid: number; command: string }[] = JSON.parse(
    listed.stdout,
  ).namespaces;
  const rest = found.filter(({ ns }) => !inodes.has(Number(ns)));
  if (rest.length === 0) return [];
  const containers = await containersByPid();
  return await atATime(rest, async ({ pid, command }) => ({
    label: containers.get(Number(pid)) ?? await containerOf(pid) ??
      t`process ${pid} (${command.split(" ")[0].split("/").at(-1) ?? ""})`,
    enter: enterProcess(pid),
  }));
}

/** The words that run a command in the namespace of a process. */
export function enterProcess(pid: string | number): string[] {
  return ["nsenter", `--target=${pid}`, "--net", "--"];
}

/** What the kernel numbers a process's namespace; undefined: not to be told. */
async function namespaceOf(pid: string): Promise<number | undefined> {
  const line = `lsns --noheadings --type net --output NS --task ${pid}`;
  const { stdout = "" } = await tryRun(line.split(" ")) ?? {};
  return Number(stdout.trim().split("\n")[0]) || undefined;
}

/** What Docker and Podman call the containers that they run. */
async function containersByPid(): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  await Promise.all(
    enginesToAsk().map(async (engine) => {
      const { stdout = "" } = await tryRun([engine, "ps", "--quiet"]) ?? {};
      const ids = stdout.trim().split("\n").filter(Boolean);
      if (ids.length === 0) return;
      const format = ["--format", "{{.State.Pid}} {{.Name}}"];
      const told = await run([engine, "inspect", ...format, ...ids]);
      for (const line of told.stdout.trim().split("\n")) {
        const [pid, name = ""] = line.split(" ");
        names.set(Number(pid), t`container ${name.replace(/^\//, "")}`);
      }
    }),
  );
  return names;
}

/** A container of another engine, by the id that its control group has. */
async function containerOf(pid: number): Promise<string | undefined> {
  const { stdout = "" } = await tryRun(["cat", `/proc/${pid}/cgroup`]) ?? {};
  const id = stdout.match(/\b([0-9a-f]{64})(?:\.scope)?$/m)?.[1];
  return id && t`container ${id.slice(0, 12)}`;
}
