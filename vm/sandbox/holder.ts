/**
 * The holder of a sandbox: its process 1, and how to know it for what it is. A
 * number in a file says nothing, since the kernel gives numbers anew: before a
 * process is entered or ended, it is proved to be a holder, and ours.
 */

import { run } from "../../lib/cli/command.ts";
import { isInstalled } from "../path.ts";
import { isRoot, UNPRIVILEGED } from "./rights.ts";

/** A process that makes or holds a sandbox. */
export interface Holder {
  /** Its process id, as the host sees it. */
  pid: number;
  /** When it was started, in the kernel's ticks: see proc_pid_stat(5). */
  start: string;
  /** The user that it runs as. */
  uid: number;
  /** The state file that it was started for. */
  state: string;
  /** Whether it holds a sandbox. It is still being made otherwise. */
  isFinished: boolean;
}

/** Told by their ends: a checkout may be moved while its sandbox lives. */
const MAKER = "/vm/sandbox/make.sh";
const HOLDER = "/vm/sandbox/holder.sh";

/**
 * The holder with this process id, by what the kernel says of it: it runs as
 * us, or as whom root makes sandboxes; it is the first process of a namespace;
 * and it runs our script. Undefined for every other process and for none.
 */
export async function seeHolder(pid: number): Promise<Holder | undefined> {
  const files = ["stat", "status", "cmdline"];
  const { code, stdout } = await run(
    ["cat", ...files.map((file) => `/proc/${pid}/${file}`)],
  );
  if (code !== 0) return undefined;
  // The name in `stat` is for the process to choose, and so are its words.
  const [, state, rest, status, words] = stdout.match(
    /^\d+ \(.*?\) ([A-Za-z]) ([-\d ]+)\n(Name:.*?\n)((?:[^\n]*\0)*)$/s,
  ) ?? [];
  if (!words || state === "Z") return undefined;
  const field = (name: string) =>
    status.match(new RegExp(`^${name}:\\s*(.*)$`, "m"))?.[1].split(/\s+/) ?? [];
  const uids = new Set(field("Uid").map(Number));
  const [uid] = uids;
  const isOurs = uid === Deno.uid() || isRoot() && uid === UNPRIVILEGED;
  // Not a program that only borrows our rights, as those with the s-bit do.
  if (!isOurs || uids.size > 1) return undefined;
  const ids = field("NSpid");
  // One that has more numbers is in a namespace between us and itself, such as
  // a container's or a test's: it is of a checkout of theirs, whatever its path.
  if (ids.length !== 2 || ids[1] !== "1") return undefined;
  const [shell, script, file, ...more] = words.split("\0");
  if (shell !== "sh" || more.join("") !== "") return undefined;
  const isFinished = script.endsWith(HOLDER);
  if (!isFinished && !script.endsWith(MAKER)) return undefined;
  return {
    pid,
    start: rest.split(" ")[18],
    uid,
    state: file,
    isFinished,
  };
}

/**
 * All that make or hold a sandbox and that we may end, of any checkout. One
 * that is still made while nobody has its state file locked was left behind.
 */
export async function findHolders(): Promise<Holder[]> {
  // It comes with sysctl: where it is missing, no sandbox was ever made.
  if (!isInstalled("pgrep")) return [];
  const { stdout } = await run(["pgrep", "-f", `^sh .*(${MAKER}|${HOLDER}) `]);
  const pids = stdout.split("\n").filter(Boolean).map(Number);
  const seen = await Promise.all(pids.map(seeHolder));
  return seen.filter((holder) => holder !== undefined);
}

/** Ends a holder and all that is in its sandbox; returns when it is gone. */
export async function endHolder(
  { pid, start }: Pick<Holder, "pid" | "start">,
): Promise<void> {
  // The kernel ends all others of the namespace before its first process.
  while ((await seeHolder(pid))?.start === start) {
    await run(["kill", "-KILL", `${pid}`]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
