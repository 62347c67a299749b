/**
 * The sandbox: a disposable PC made of namespaces. What is in it is told in
 * sandbox.sh; this file finds, makes and ends it.
 *
 * A sandbox's state file, `.lab/sandbox/NAME`, holds the process id of its
 * holder and is locked by the holder: locked means alive. No process id can be
 * mistaken for another's after a reboot, and nothing has to be cleaned up.
 */

import { EXIT, Problem } from "../lib/problem.ts";
import { tell } from "../lib/terminal.ts";
import { isFile, pathOf, ROOT } from "./path.ts";
import { blocker, checkPrograms } from "./preflight.ts";

/** A sandbox that lives. */
export interface Sandbox {
  /** What `--name` calls it. */
  name: string;
  /** Its holder: process 1 inside, this number on the host. */
  pid: number;
  /** Made for this very command. */
  isNew: boolean;
  /** The lines for `ip` that it begins with; "" for none. */
  begun: string;
  /** Resolves when all is there; see {@linkcode whenReady}. */
  ready: Promise<void>;
}

const FOLDER = new URL("../.lab/sandbox/", import.meta.url);
const SCRIPT = pathOf(new URL("./sandbox.sh", import.meta.url));

/**
 * The living sandbox of this name, or a new one.
 *
 * @param first tells the lines for `ip` that a new one begins with.
 */
export async function openSandbox(
  name: string,
  first: () => Promise<string>,
): Promise<Sandbox> {
  const turn = await takeTurn(name);
  try {
    const sandbox = await alive(name) ?? await make(name, first);
    sandbox.ready.then(() => turn.close(), () => turn.close());
    return sandbox;
  } catch (error) {
    turn.close();
    throw error;
  }
}

/**
 * Inside a new sandbox: waits until all is there. One may enter before that,
 * since starting Deno takes as long as the rest of the sandbox does; whoever
 * makes it has his turn until it is ready. Throws a {@linkcode Problem} if he
 * was ended before: then this may still be the host's /run.
 */
export async function whenReady(name: string): Promise<void> {
  using turn = Deno.openSync(`${path(name)}.turn`, { read: true });
  await turn.lock(false);
  if (isFile("/run/docker0-by-hand.sandbox")) return;
  throw new Problem(
    `The sandbox "${name}" was not finished: whoever made it was ended.`,
    "Type the same again.",
  );
}

/** The living sandbox of this name, if there is one. */
export async function findSandbox(name: string): Promise<Sandbox | undefined> {
  checkName(name);
  if (!isFile(path(name))) return undefined;
  using _turn = await takeTurn(name);
  return await alive(name);
}

/** The command line that runs a program in the sandbox. */
export function sandboxCommand(
  { pid }: Pick<Sandbox, "pid">,
  argv: readonly string[],
): string[] {
  return [
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
  ];
}

/** Ends the sandbox of this name and all in it. False if there was none. */
export async function endSandbox(name: string): Promise<boolean> {
  checkName(name);
  if (!isFile(path(name))) return false;
  using _turn = await takeTurn(name);
  const sandbox = await alive(name);
  if (sandbox) {
    await new Deno.Command("kill", { args: ["-KILL", `${sandbox.pid}`] })
      .output();
    // The lock is free when the last process of the sandbox has ended.
    using file = Deno.openSync(path(name), { read: true });
    await file.lock(true);
  }
  Deno.removeSync(path(name));
  return sandbox !== undefined;
}

/** The names of all sandboxes that have a state file, alive or not. */
export function sandboxNames(): string[] {
  return namesIn(FOLDER).filter((name) => !name.endsWith(".turn")).sort();
}

const path = (name: string) => pathOf(new URL(name, FOLDER));

function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) return;
  throw new Problem(
    `Cannot use ${JSON.stringify(name)} as a sandbox's name.`,
    "Up to 31 small letters, digits and hyphens, such as --name lesson-1.",
    EXIT.usage,
  );
}

/** Waits until no other command finds, makes or ends a sandbox of this name. */
async function takeTurn(name: string): Promise<Deno.FsFile> {
  checkName(name);
  try {
    Deno.mkdirSync(FOLDER, { recursive: true });
    const file = Deno.openSync(path(`${name}.turn`), {
      create: true,
      write: true,
    });
    if (!file.tryLockSync(true)) await file.lock(true);
    return file;
  } catch (error) {
    throw new Problem(
      `Cannot keep the sandbox's state in ${pathOf(FOLDER)}: ${
        (error as Error).message
      }.`,
      "Use a checkout of your own, in a folder that you may write to.",
    );
  }
}

function stateFile(name: string): Deno.FsFile | undefined {
  try {
    return Deno.openSync(path(name), { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whoever asks has his turn: so no sandbox of this name is being made. */
async function alive(name: string): Promise<Sandbox | undefined> {
  using file = stateFile(name);
  if (!file) return undefined;
  const deadline = Date.now() + DYING_MS;
  while (!file.tryLockSync(true)) {
    const text = Deno.readTextFileSync(path(name));
    // Without a word its maker was killed, and it is about to die of that.
    if (text === "" && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      continue;
    }
    const pid = Number(text);
    return {
      name,
      pid: pid > 1 ? pid : await findHolder(name),
      isNew: false,
      begun: "",
      ready: Promise.resolve(),
    };
  }
}

/** How long the end of a sandbox may take. */
const DYING_MS = 5000;

/** The holder's process id by its command line, if the file does not tell it. */
async function findHolder(name: string): Promise<number> {
  const { stdout } = await new Deno.Command("pgrep", {
    args: ["-f", `sh ${SCRIPT} ${path(name)}$`],
  }).output();
  const pids = new TextDecoder().decode(stdout).trim().split("\n").map(Number);
  // The maker's own `unshare`, if it still runs, has the lower number.
  const pid = Math.max(...pids);
  if (pid > 1) return pid;
  throw new Problem(
    `Cannot tell the holder of sandbox "${name}": its state file ${
      path(name)
    } is broken.`,
    "End the process that `lslocks` shows for this file, then type the same again.",
  );
}

async function make(
  name: string,
  first: () => Promise<string>,
): Promise<Sandbox> {
  // An empty one is what a maker left who was killed at it.
  if (isFile(path(name)) && Deno.statSync(path(name)).size > 0) {
    tell(
      `The sandbox "${name}" has gone (a reboot, or its holder was ended): making a new one.`,
    );
  }
  const starting = startSandbox(path(name));
  // While the sandbox starts. If it cannot be, it ends with the pipe to it.
  starting.catch(() => {});
  checkPrograms();
  const begun = await first();
  const { pid, ready, child } = await starting;
  await answer(child, begun ? `begin\n${begun}` : "keep\n");
  child.stdin.close().catch(() => {});
  // Only the sandbox itself has to stay, not the `unshare` that waits for it.
  const alone = ready.then(() => child.kill("SIGKILL"));
  return { name, pid, isNew: true, begun, ready: alone };
}

/**
 * Tells a new sandbox what its maker wants, see sandbox.sh. If it has ended
 * meanwhile, its `ready` says why.
 */
async function answer(child: Deno.ChildProcess, words: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(words)).catch(() => {});
  writer.releaseLock();
}

/** A sandbox that is being made. */
export interface Started {
  /** The holder's process id. One may enter. */
  pid: number;
  /** Resolves when all is there. Rejects with a {@linkcode Problem}. */
  ready: Promise<void>;
  /** Its standard input is for the answer. */
  child: Deno.ChildProcess;
}

/**
 * Makes a sandbox and waits until one may enter. It is ready only after an
 * {@linkcode answer}, and until then it dies with whoever made it.
 */
async function startSandbox(state: string): Promise<Started> {
  const child = new Deno.Command("unshare", {
    args: [
      "--user",
      "--map-root-user",
      "--net",
      "--mount",
      "--pid",
      "--uts",
      "--fork",
      "sh",
      SCRIPT,
      state,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // Out of the terminal's reach: Ctrl-C is not for the sandbox.
    detached: true,
  }).spawn();
  const said = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let words = "";
  const hear = async (what: RegExp): Promise<string> => {
    while (true) {
      const match = words.match(what);
      if (match) return match[1];
      const { value, done } = await said.read();
      if (done) throw await blocker(await new Response(child.stderr).text());
      words += value;
    }
  };
  const pid = Number(await hear(/^pid (\d+)$/m));
  return { pid, ready: hear(/^(ready)$/m).then(() => {}), child };
}

/**
 * Makes one that nobody can find by name: once its holder has opened the state
 * file, that goes. It is ready when this returns, and lives for as long as the
 * child's standard input stays open: it dies with us, however we end.
 */
export async function startThrowaway(): Promise<Started> {
  // A task may write here and nowhere else.
  const parent = `${ROOT}.lab`;
  await Deno.mkdir(parent, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: parent, prefix: "throwaway-" });
  try {
    const started = await startSandbox(`${folder}/state`);
    await answer(started.child, "stay\n");
    await started.ready;
    return started;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Removes the folders of throwaways whose maker was killed. One that is being
 * made has a folder for some 20 ms, and is left alone.
 */
export function clearThrowaways(): void {
  const parent = `${ROOT}.lab`;
  for (const name of namesIn(parent)) {
    const folder = `${parent}/${name}`;
    if (!name.startsWith("throwaway-") || !isOld(folder)) continue;
    Deno.removeSync(folder, { recursive: true });
  }
}

function isOld(path: string): boolean {
  try {
    return Date.now() - Deno.statSync(path).mtime!.getTime() > 60_000;
  } catch {
    return false; // Its maker has just removed it.
  }
}

function namesIn(folder: string | URL): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}
