/**
 * The command lines of ssh that lead into the VM. `vagrant ssh` does the same,
 * but takes seconds to start: Vagrant is asked once how ssh gets there, and the
 * answer is kept below `.lab/vm` for as long as the VM is the same.
 */

import { cannotStart, run } from "../../lib/cli/command.ts";
import { ROOT } from "../path.ts";
import type { Vm } from "./state.ts";

/** What a call of ssh has to know. */
export interface Way {
  /** The VM's name, which is its `Host` in the configuration. */
  host: string;
  /** A folder of this VM's own, from the checkout's on. */
  folder: string;
  /** Whether calls can share one connection: Windows' ssh cannot. */
  shares: boolean;
}

/** The way into a VM. Its folder changes whenever the VM is another one. */
export async function wayInto(vm: Vm): Promise<Way> {
  const bytes = new TextEncoder().encode(`${vm.provider} ${vm.id}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return {
    host: vm.name,
    // Short, and relative: a socket's path has 104 bytes at most.
    folder: `.lab/vm/${hash.toHex().slice(0, 12)}`,
    shares: Deno.build.os !== "windows",
  };
}

/** The first call: opens the connection that later ones share. */
export function openCommand(way: Way, command: string): string[] {
  const share = ["-o", "ControlMaster=auto", "-o", "ControlPersist=10m"];
  return ssh(
    way,
    ["-T", "-E", logFile(way), ...(way.shares ? share : [])],
    command,
  );
}

/** What a call's program is connected to. */
export type Streams =
  /** The user's terminal. */
  | "terminal"
  /** Our own streams, whatever they are. */
  | "ours"
  /** Our own for output, and nothing to read. */
  | "output";

/** A call that runs a command for the user. */
export function callCommand(
  way: Way,
  streams: Streams,
  command: string,
): string[] {
  const flags = { terminal: ["-t"], ours: ["-T"], output: ["-T", "-n"] };
  const share = way.shares ? ["-o", "ControlMaster=no"] : [];
  return ssh(way, [...flags[streams], ...share], command);
}

function ssh(way: Way, options: string[], command: string): string[] {
  return [
    "ssh",
    "-F",
    `${way.folder}/config`,
    // The lab takes root, and `sudo` half a second: see vm/provision.sh.
    "-o",
    "User=root",
    "-o",
    "LogLevel=ERROR",
    "-o",
    "BatchMode=yes",
    "-o",
    "ConnectTimeout=10",
    // A VM that was switched off does not say so.
    "-o",
    "ServerAliveInterval=5",
    ...(way.shares ? ["-o", `ControlPath=${way.folder}/control`] : []),
    ...options,
    way.host,
    command,
  ];
}

/** Whether Vagrant has been asked about this VM. */
export function isKnown(way: Way): boolean {
  try {
    return Deno.statSync(`${ROOT}${way.folder}/config`).size > 0;
  } catch {
    return false;
  }
}

/** Whether there is a connection already for calls to share. */
export async function isOpen(way: Way): Promise<boolean> {
  if (!way.shares) return false;
  return (await run(ssh(way, ["-O", "check"], ""))).code === 0;
}

/** Asks Vagrant how ssh gets there. Returns what went wrong, or nothing. */
export async function askVagrant(way: Way): Promise<string> {
  const { code, stdout, stderr } = await run(["vagrant", "ssh-config"]);
  if (code !== 0) return stderr.trim() || `vagrant ssh-config: code ${code}`;
  Deno.mkdirSync(`${ROOT}${way.folder}`, { recursive: true });
  // Complete or not at all: others may read it at this very moment.
  const file = `${ROOT}${way.folder}/config`;
  Deno.writeTextFileSync(`${file}.${Deno.pid}`, stdout, { mode: 0o600 });
  Deno.renameSync(`${file}.${Deno.pid}`, file);
  return "";
}

/**
 * Opens the connection and runs a first command. Where ssh cannot get there,
 * its words come instead of an answer.
 */
export async function open(
  way: Way,
  command: string,
): Promise<{ answer: string } | { words: string }> {
  const [program, ...args] = openCommand(way, command);
  const { success, stdout } = await new Deno.Command(program, {
    args,
    stdin: "null",
    // The connection outlives the call, and in some versions of ssh keeps
    // standard error open: nobody must wait for that. Hence the log file.
    stderr: "null",
  }).output().catch((error) => Promise.reject(cannotStart(program, error)));
  if (success) return { answer: new TextDecoder().decode(stdout) };
  return { words: takeLog(way) };
}

const logFile = (way: Way) => `${way.folder}/log`;

function takeLog(way: Way): string {
  try {
    const words = Deno.readTextFileSync(`${ROOT}${logFile(way)}`);
    Deno.removeSync(`${ROOT}${logFile(way)}`);
    return words.trim().split("\n").at(-1)!.trim().replace(/\.$/, "");
  } catch {
    return "ssh does not say why";
  }
}
