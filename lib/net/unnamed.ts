/** Network namespaces that have no name: those of containers, and of processes. */

import { atATime } from "../cli/at_a_time.ts";
import { printable } from "../cli/printable.ts";
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
 * All that one may look for: neither our own nor a named one, each once, by its
 * first process.
 *
 * @param but the ids of processes whose namespaces are known already.
 */
export async function unnamedNamespaces(
  but: readonly string[] = [],
): Promise<Unnamed[]> {
  const [processes, home] = await Promise.all([readProcesses(), homeInode()]);
  const known = new Set([
    home,
    ...namespaceInodes(),
    ...processes.filter(({ pid }) => but.includes(pid)).map((it) => it.inode),
  ]);
  const first = new Map<number, Process>();
  for (const each of processes) {
    if (known.has(each.inode) || first.has(each.inode)) continue;
    first.set(each.inode, each);
  }
  if (first.size === 0) return [];
  const containers = await containersByPid();
  return await atATime([...first.values()], async ({ pid, inode, name }) => {
    // Those of a pod share one: it is called by all of their names.
    const names = processes.filter((each) => each.inode === inode)
      .flatMap((each) => containers.get(each.pid) ?? []);
    const label = names.length > 0
      ? t`container ${names.join(", ")}`
      : await containerOf(pid) ?? t`process ${pid} (${name})`;
    return { label: printable(label), enter: enterProcess(pid) };
  });
}

/** The words that run a command in the namespace of a process. */
export function enterProcess(pid: string | number): string[] {
  return ["nsenter", `--target=${pid}`, "--net", "--"];
}

/** A process, and where it is. */
interface Process {
  pid: string;
  /** What the kernel numbers its network namespace. */
  inode: number;
  /** What it calls itself, perhaps to deceive us. */
  name: string;
}

/**
 * All processes whose namespaces one may know. They come and go meanwhile: see
 * ps(1), which lsns(8) does not survive.
 */
async function readProcesses(): Promise<Process[]> {
  const listed = await tryRun("ps -e -o pid=,netns=,comm=".split(" "));
  // Without ps, or without a right to look, there is nothing to tell.
  return [...(listed?.stdout ?? "").matchAll(/^ *(\d+) +(\d+) (.*)$/gm)]
    .map(([, pid, inode, name]) => ({ pid, inode: Number(inode), name }));
}

/**
 * What the kernel numbers the namespace that we are in. It is asked by a child
 * of ours: /proc may be that of other processes than ours, where our own number
 * is somebody else's.
 */
async function homeInode(): Promise<number | undefined> {
  const told = await tryRun(["readlink", "/proc/self/ns/net"]);
  const inode = told?.stdout.match(/^net:\[(\d+)\]/)?.[1];
  return inode === undefined ? undefined : Number(inode);
}

/** What Docker and Podman call the containers that they run. */
async function containersByPid(): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  await Promise.all(
    enginesToAsk().map(async (engine) => {
      const { stdout = "" } = await tryRun([engine, "ps", "--quiet"]) ?? {};
      const ids = stdout.trim().split("\n").filter(Boolean);
      if (ids.length === 0) return;
      const format = ["--format", "{{.State.Pid}} {{.Name}}"];
      const told = await tryRun([engine, "inspect", ...format, ...ids]);
      for (const line of told?.stdout.trim().split("\n") ?? []) {
        const [pid, name = ""] = line.split(" ");
        names.set(pid, name.replace(/^\//, ""));
      }
    }),
  );
  return names;
}

/** A container of another engine, by the id that its control group has. */
async function containerOf(pid: string): Promise<string | undefined> {
  const { stdout = "" } = await tryRun(["cat", `/proc/${pid}/cgroup`]) ?? {};
  const id = stdout.match(/\b([0-9a-f]{64})(?:\.scope)?$/m)?.[1];
  return id && t`container ${id.slice(0, 12)}`;
}
