/** Makes sandboxes: what is in one is told in make.sh. */

import { Problem } from "../../lib/problem.ts";
import { pathOf } from "../path.ts";
import { blocker, checkPrograms } from "../preflight.ts";
import { unprivileged } from "./rights.ts";
import { type State, statePath } from "./state.ts";

/** What has been made. */
export interface Made {
  /** Its holder: process 1 inside, this number on the host. */
  pid: number;
  /** The user that it runs as, on the host. */
  uid: number;
  /** The lines for `ip` that it begins with; "" for none. */
  begun: string;
  /** Resolves when all is there; see `whenReady`. */
  ready: Promise<void>;
}

/** A sandbox that is being made. */
export interface Started extends Omit<Made, "begun"> {
  /** When its holder was started. */
  start: string;
  /** Its standard input is for the answer. */
  child: Deno.ChildProcess;
}

const MAKER = pathOf(new URL("./make.sh", import.meta.url));

/**
 * Makes a sandbox that stays, and writes its state down. Throws a
 * {@linkcode Problem} that names the blocker where none can be made.
 *
 * @param first tells the lines for `ip` that it begins with.
 */
export async function make(
  state: State,
  first: () => Promise<string>,
): Promise<Made> {
  const starting = startSandbox(statePath(state.name));
  // While the sandbox starts. If it cannot be, it ends with the pipe to it.
  starting.catch(() => {});
  checkPrograms();
  const begun = await first();
  const { child, ready, ...made } = await starting;
  state.write(made);
  await answer(child, begun ? `begin\n${begun}` : "keep\n");
  child.stdin.close().catch(() => {});
  // Only the sandbox itself has to stay, not the `unshare` that waits for it.
  const alone = ready.then(() => child.kill("SIGKILL"));
  return { pid: made.pid, uid: made.uid, begun, ready: alone };
}

/**
 * Makes one that nobody can find by name. It is ready when this returns, and
 * lives for as long as the child's standard input stays open: it dies with us,
 * however we end.
 */
export async function startThrowaway(): Promise<Started> {
  const started = await startSandbox("throwaway");
  await answer(started.child, "stay\n");
  await started.ready;
  return started;
}

/**
 * Tells a new sandbox what its maker wants, see make.sh. If it has ended
 * meanwhile, its `ready` says why.
 */
async function answer(child: Deno.ChildProcess, words: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(words)).catch(() => {});
  writer.releaseLock();
}

/**
 * Makes a sandbox and waits until one may enter. It is ready only after an
 * {@linkcode answer}, and until then it dies with whoever made it.
 */
async function startSandbox(state: string): Promise<Started> {
  const [program, ...args] = unprivileged([
    "unshare",
    "--user",
    "--map-root-user",
    "--net",
    "--mount",
    "--pid",
    "--uts",
    "--fork",
    "sh",
    MAKER,
    state,
  ]);
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // Out of the terminal's reach: Ctrl-C is not for the sandbox.
    detached: true,
  }).spawn();
  const letLive = endWithUs(child);
  const said = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let words = "";
  const hear = async (what: RegExp): Promise<RegExpMatchArray> => {
    while (true) {
      const match = words.match(what);
      if (match) return match;
      const { value, done } = await within(said.read(), child);
      if (done) throw await blocker(await new Response(child.stderr).text());
      words += value;
    }
  };
  try {
    const [, pid, start, uid] = await hear(/^pid (\d+) (\d+) (\d+)$/m);
    const ready = hear(/^ready$/m).then(() => {}).finally(letLive);
    return { pid: Number(pid), start, uid: Number(uid), ready, child };
  } catch (error) {
    letLive();
    throw error;
  }
}

/**
 * Until a sandbox is there, our end is its end, as at Ctrl-C: also where a
 * program hangs that makes it, which does not see that our pipe is closed.
 * Returns how to let it live on.
 */
function endWithUs(child: Deno.ChildProcess): () => void {
  const end = () => endAll(child);
  addEventListener("unload", end);
  return () => removeEventListener("unload", end);
}

/** Ends all that makes a sandbox: it is a process group of its own. */
function endAll({ pid }: Deno.ChildProcess): void {
  new Deno.Command("kill", { args: ["-KILL", "--", `-${pid}`], stderr: "null" })
    .outputSync();
}

/** How long a sandbox may need for its next word. */
const PATIENCE_MS = 60_000;

/** Ends a sandbox that hangs while it is made, and says that it did. */
async function within<T>(
  word: Promise<T>,
  child: Deno.ChildProcess,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      endAll(child);
      reject(
        new Problem(
          `Making the sandbox took longer than ${
            PATIENCE_MS / 1000
          } seconds, and was ended.`,
          "See which program hangs (ps), then type the same again.",
        ),
      );
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([word, silence]);
  } finally {
    clearTimeout(timer);
  }
}
