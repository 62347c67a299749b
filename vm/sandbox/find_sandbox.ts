/**
 * The sandbox: a disposable PC made of namespaces. What is in it is told in
 * make.sh; this file finds and ends it, or has it made.
 *
 * What keeps it alive is its holder, a process. A state file says which one it
 * is; the kernel says whether it is that one still (see holder.ts).
 */

import { run } from "../../lib/cli/command.ts";
import { tell } from "../../lib/cli/terminal.ts";
import { isFile } from "../path.ts";
import { endHolder, findHolders, type Holder, seeHolder } from "./holder.ts";
import { type Made, make } from "./make.ts";
import { withRightsOf } from "./rights.ts";
import {
  clearBroken,
  isKept,
  nameOf,
  namesKept,
  openState,
  type State,
  statePath,
} from "./state_file.ts";
import { t } from "../../lib/cli/translate.ts";

/** A sandbox that lives. */
export interface Sandbox extends Made {
  /** What `--name` calls it. */
  name: string;
  /** Made for this very command. */
  isNew: boolean;
}

/** The living sandbox of this name, or a new one. */
export async function openSandbox(name: string): Promise<Sandbox> {
  using state = await openState(name);
  const living = await alive(state);
  if (living) return living;
  if (state.read()) {
    tell(
      t`The sandbox "${name}" has gone (a reboot, or its holder was ended): making a new one.`,
    );
  }
  return { name, isNew: true, ...await make(state) };
}

/** The living sandbox of this name, if there is one. */
export async function findSandbox(name: string): Promise<Sandbox | undefined> {
  if (!isKept(name) && !await findLost(name)) return undefined;
  using state = await openState(name);
  return await alive(state);
}

/** The command line that runs a program in the sandbox. */
export function sandboxCommand(
  { pid, uid }: Pick<Sandbox, "pid" | "uid">,
  argv: readonly string[],
): string[] {
  return withRightsOf(uid, [
    "nsenter",
    `--target=${pid}`,
    "--user",
    "--net",
    "--mount",
    "--pid",
    "--uts",
    "--preserve-credentials",
    "--",
    ...argv,
  ]);
}

/** Ends the sandbox of this name and all in it. False if there was none. */
export async function endSandbox(name: string): Promise<boolean> {
  const path = statePath(name);
  if (clearBroken(name)) tell(t`${path} was no state file: removed it.`);
  if (!isKept(name) && !await findLost(name)) return false;
  using state = await openState(name);
  const known = await alive(state);
  if (known) await endHolder(known);
  // Where its file was damaged while it lived, another one was made beside it;
  // and one whose maker was killed may hang half-made.
  const others = (await findHolders()).filter(({ state }) => state === path);
  for (const holder of others) await endHolder(holder);
  state.write();
  return known !== undefined || others.length > 0;
}

/**
 * Ends the sandbox that we are inside of. Does not return: its first process
 * takes all others along.
 */
export async function endFromInside(): Promise<never> {
  await run(["kill", "-TERM", "1"]);
  return await new Promise(() => {});
}

/** A sandbox of this checkout that lives. */
export interface Listed {
  /** What `--name` calls it. */
  name: string;
  /** Its holder's process id on the host; null where we are inside of it. */
  pid: number | null;
}

/** All sandboxes of this checkout that live, also those that no file tells of. */
export async function listSandboxes(): Promise<Listed[]> {
  const inside = whereWeAre();
  if (inside !== undefined) return [{ name: inside, pid: null }];
  return (await findHolders()).flatMap(({ pid, state, isFinished }) => {
    const name = nameOf(state);
    return name === undefined || !isFinished ? [] : [{ name, pid }];
  }).sort((one, other) => one.name < other.name ? -1 : 1);
}

/** The names of all sandboxes that live or have a state file. */
export async function sandboxNames(): Promise<string[]> {
  const living = (await listSandboxes()).map(({ name }) => name);
  return [...new Set([...living, ...namesKept()])].sort();
}

/** Whoever asks has locked the state: so nobody makes one of this name. */
async function alive(state: State): Promise<Sandbox | undefined> {
  const { name } = state;
  const known = state.read();
  const holder = known
    ? await settled(known)
    : state.isNew
    ? await findLost(name)
    : undefined;
  if (!holder) return undefined;
  if (!known) state.write(holder);
  const { pid, start, uid } = holder;
  return { name, pid, start, uid, isNew: false };
}

/** The holder, if it is the one that is known of, and its sandbox finished. */
async function settled(
  known: { pid: number; start: string },
): Promise<Holder | undefined> {
  const deadline = Date.now() + SETTLES_MS;
  while (true) {
    const holder = await seeHolder(known.pid);
    if (!holder || holder.start !== known.start) return undefined;
    if (holder.isFinished) return holder;
    // Its maker, who would hold the lock, has ended: it ends of that.
    if (Date.now() > deadline) await endHolder(holder);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How long a sandbox may take to notice that its maker has ended. */
const SETTLES_MS = 2000;

/** The holder of a sandbox whose state file is gone. */
async function findLost(name: string): Promise<Holder | undefined> {
  const path = statePath(name);
  return (await findHolders()).find(({ state, isFinished }) =>
    state === path && isFinished
  );
}

/** In a sandbox's own /run: its state file's path. */
const MARKER = "/run/docker0-by-hand.sandbox";

/** The name of the sandbox that we are inside of, if we are in one. */
export function whereWeAre(): string | undefined {
  if (Deno.build.os !== "linux" || !isFile(MARKER)) return undefined;
  const path = Deno.readTextFileSync(MARKER).trim();
  return path.includes("/") ? path.replace(/.*\//, "") : undefined;
}
