/**
 * What is kept of sandboxes: a file for each, private to its owner. It holds
 * the holder's process id and start time; it is empty where there is none. It
 * is locked for as long as somebody finds, makes or ends a sandbox of its name.
 */

import { checkPrivate, openLocked } from "../../lib/lab/lock.ts";
import { EXIT, howToWrite, Problem, wordsOf } from "../../lib/cli/problem.ts";
import { typed } from "../../lib/cli/typed.ts";
import { STATE } from "../path.ts";
import { t } from "../../lib/cli/translate.ts";
import { exists } from "../../lib/cli/files.ts";

/** What a state file says. */
export interface Known {
  /** The holder's process id. */
  pid: number;
  /** When it was started. */
  start: string;
}

const FOLDER = `${STATE}/sandbox`;

/** The path of a sandbox's state file. */
export function statePath(name: string): string {
  checkName(name);
  return `${FOLDER}/${name}`;
}

/** The name of the sandbox with this state file; undefined if it is not ours. */
export function nameOf(path: string): string | undefined {
  const at = path.lastIndexOf("/");
  return path.slice(0, at) === FOLDER ? path.slice(at + 1) : undefined;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new Problem(
    t`Cannot use ${JSON.stringify(name)} as a sandbox's name.`,
    t`Up to 31 small letters, digits and hyphens, such as --name lesson-1.`,
    EXIT.usage,
  );
}

/** Whether anything is in the place of this sandbox's state file. */
export function isKept(name: string): boolean {
  return exists(statePath(name));
}

/** The names of all sandboxes that have a state file, alive or not. */
export function namesKept(): string[] {
  try {
    return [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
      .filter((name) => NAME.test(name)).sort();
  } catch {
    return [];
  }
}

/** A sandbox's state file, open and locked. */
export class State implements Disposable {
  #file: Deno.FsFile;

  /** Use {@linkcode openState}. */
  constructor(
    readonly name: string,
    file: Deno.FsFile,
    readonly isNew: boolean,
  ) {
    this.#file = file;
  }

  /**
   * What it says; undefined where no sandbox is said to be there. Throws a
   * {@linkcode Problem} if it says what no lab has written.
   */
  read(): Known | undefined {
    const text = Deno.readTextFileSync(statePath(this.name));
    if (text === "") return undefined;
    const [, pid, start] = text.match(/^([1-9]\d{0,9}) (\d{1,20})\n$/) ?? [];
    if (start) return { pid: Number(pid), start };
    throw broken(this.name, t`does not say what the lab writes there`);
  }

  /** Writes down a holder, or that there is none. */
  write(known?: Known): void {
    const text = known ? `${known.pid} ${known.start}\n` : "";
    try {
      this.#file.truncateSync();
      this.#file.seekSync(0, Deno.SeekMode.Start);
      this.#file.writeSync(new TextEncoder().encode(text));
    } catch (error) {
      throw cannotKeep(error);
    }
  }

  /** Lets go of the lock. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Opens the state file of this name and locks it, made if need be. */
export async function openState(name: string): Promise<State> {
  const path = statePath(name);
  makeFolder();
  try {
    checkPrivate(path);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.message, cure(name));
  }
  const isNew = !isKept(name);
  const doing = t`The sandbox "${name}" is being looked for, made or ended`;
  try {
    return new State(name, await openLocked(path, doing), isNew);
  } catch (error) {
    throw error instanceof Problem ? error : cannotKeep(error);
  }
}

/**
 * Removes whatever is in the place of a state file and is none; says whether
 * there was something.
 */
export function clearBroken(name: string): boolean {
  const path = statePath(name);
  if (!exists(path)) return false;
  makeFolder();
  try {
    checkPrivate(path);
    if (Deno.statSync(path).size > 64) throw broken(name, t`is too long`);
    using file = Deno.openSync(path, { read: true });
    new State(name, file, false).read();
    return false;
  } catch (error) {
    if (!(error instanceof Problem)) throw cannotKeep(error);
    try {
      // A folder only if it is empty: what is in it was put there by somebody.
      Deno.removeSync(path);
    } catch (failure) {
      throw new Problem(
        t`${error.message.replace(/\.$/, "")}, and cannot be removed: ${
          (failure as Error).message
        }.`,
        t`Remove it by hand: rm -r ${path}`,
      );
    }
    return true;
  }
}

function broken(name: string, flaw: string): Problem {
  return new Problem(
    t`The state file ${statePath(name)} ${flaw}.`,
    cure(name),
  );
}

function cure(name: string): string {
  const option = name === "default" ? "" : ` --name ${name}`;
  return t`This removes it, and ends the sandbox if it lives: ${
    typed(`down${option}`)
  }`;
}

/** Makes the folder, and sees that nobody else may change what is in it. */
function makeFolder(): void {
  try {
    Deno.mkdirSync(STATE, { recursive: true, mode: 0o755 });
    Deno.mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
    keepOthersOut(STATE, 0o022);
    keepOthersOut(FOLDER, 0o077);
  } catch (error) {
    throw cannotKeep(error);
  }
}

/** Takes these rights from others than us; only root may own it instead. */
function keepOthersOut(folder: string, rights: number): void {
  const { isDirectory, uid, mode } = Deno.statSync(folder);
  if (!isDirectory) throw new Error(t`${folder} is no folder`);
  if (uid === Deno.uid()) {
    if (mode! & rights) Deno.chmodSync(folder, mode! & 0o777 & ~rights);
  } else if (folder === FOLDER || mode! & rights) {
    throw new Error(t`${folder} belongs to another user (${uid})`);
  }
}

function cannotKeep(error: unknown): Problem {
  return new Problem(
    t`Cannot keep the sandbox's state in ${FOLDER}: ${wordsOf(error)}.`,
    howToWrite(
      error,
      t`Name a folder that you may write to and nobody else: LAB_STATE=DIR in front of the command.`,
    ),
  );
}
