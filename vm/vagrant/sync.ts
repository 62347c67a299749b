/**
 * Brings the checkout's files into a VM that has only a copy of them. What was
 * brought last is noted in the VM itself, so that no reboot, snapshot or new VM
 * can make it wrong.
 */

import { Problem } from "../../lib/cli/problem.ts";
import { ROOT } from "../path.ts";
import { callCommand, type Way } from "./ssh.ts";
import { t } from "../../lib/cli/translate.ts";

/** Where the checkout is in the VM. */
export const THERE = "/vagrant";

/** What a machine keeps for itself: as in .gitignore, and the Vagrantfile. */
const OWN = [".git", ".lab", ".vagrant", "node_modules"];

/** The checkout's files, and what tells whether any of them has changed. */
export interface Files {
  /** From the checkout's folder on, with slashes. */
  names: string[];
  /** Changes with every name, size, time and mode. */
  stamp: string;
}

/** Looks through the checkout. */
export async function checkoutFiles(root = ROOT): Promise<Files> {
  const names = walk(root, "").sort();
  const seen = names.map((name) => {
    const { size, mtime, mode } = Deno.lstatSync(root + name);
    return `${name} ${size} ${mtime?.getTime()} ${mode}\n`;
  });
  const bytes = new TextEncoder().encode(seen.join(""));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { names, stamp: hash.toHex() };
}

function walk(root: string, folder: string): string[] {
  return [...Deno.readDirSync(root + folder)].flatMap((entry) => {
    const name = folder + entry.name;
    if (OWN.includes(name)) return [];
    return entry.isDirectory ? walk(root, `${name}/`) : [name];
  });
}

/**
 * For the VM's shell, in the checkout's folder there: whether it holds these
 * files, or is the host's own folder.
 */
export function hasFiles(stamp: string): string {
  return `{ [ ! -e .lab/files ] || read -r files <.lab/files; ` +
    `[ "$files" = ${stamp} ] || grep -q ' ${THERE} ' /proc/mounts; }`;
}

/** Packs the files whose names come in, and writes them to standard output. */
export const PACK: readonly string[] = ["tar", "-c", "-f", "-", "-T", "-"];

/**
 * Unpacks them in the VM, in place of what was there. One at a time; cut off
 * in the middle it leaves no stamp, and is done again.
 */
export function unpackLine(stamp: string): string {
  return [
    `mkdir -p ${THERE}/.lab && cd ${THERE} && exec 9>.lab/sync && flock 9`,
    "rm -f .lab/files",
    "find . -mindepth 1 -maxdepth 1 ! -name .lab -exec rm -rf {} +",
    "tar -x -f - --no-same-owner --warning=no-unknown-keyword",
    `echo ${stamp} >.lab/files`,
  ].join(" && ");
}

/** Copies the files into the VM: a `tar` here, a `tar` there. */
export async function sync(way: Way, { names, stamp }: Files): Promise<void> {
  const [tar, ...tarArgs] = PACK;
  const [ssh, ...sshArgs] = callCommand(way, "ours", unpackLine(stamp));
  const packing = new Deno.Command(tar, {
    args: tarArgs,
    cwd: ROOT,
    // macOS would add a file of its own beside each of ours.
    env: { COPYFILE_DISABLE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const unpacking = new Deno.Command(ssh, {
    args: sshArgs,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const list = new Blob([names.map((name) => `${name}\n`).join("")]);
  const [packed, unpacked] = await Promise.all([
    words(packing),
    words(unpacking),
    list.stream().pipeTo(packing.stdin).catch(() => {}),
    packing.stdout.pipeTo(unpacking.stdin).catch(() => {}),
  ]);
  if (packed !== "") throw cannotCopy(packed, t`Type the same again.`);
  if (unpacked !== "") {
    throw cannotCopy(
      unpacked,
      t`See whether the VM's disk is full: vagrant ssh -c 'df -h /vagrant'`,
    );
  }
}

function cannotCopy(words: string, next: string): Problem {
  return new Problem(t`Cannot copy the checkout into the VM: ${words}.`, next);
}

/** What a program that failed said, or nothing. */
async function words(child: Deno.ChildProcess): Promise<string> {
  const [{ code, signal }, said] = await Promise.all([
    child.status,
    new Response(child.stderr).text(),
  ]);
  // Nobody read on: that one has the reason.
  if (code === 0 || signal === "SIGPIPE") return "";
  return said.trim().split("\n").at(-1)!.replace(/\.$/, "") || t`code ${code}`;
}
