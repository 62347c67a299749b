/** Makes sandboxes: what is in one is told in make.sh. */

import { Problem } from "../../lib/cli/problem.ts";
import { pathOf } from "../path.ts";
import { blocker, checkPrograms } from "../preflight.ts";
import { unprivileged } from "./rights.ts";
import { type State, statePath } from "./state_file.ts";
import { t } from "../../lib/cli/translate.ts";

/** What has been made. */
export interface Made {
  /** Its holder: process 1 inside, this number on the host. */
  pid: number;
  /** When its holder was started. */
  start: string;
  /** The user that it runs as, on the host. */
  uid: number;
}

/** A sandbox that ends with the pipe to it. */
export interface Started extends Made {
  /** Its standard input is that pipe. */
  child: Deno.ChildProcess;
}

const MAKER = pathOf(new URL("./make.sh", import.meta.url));

/**
 * Makes a sandbox that stays, and writes its state down. Throws a
 * {@linkcode Problem} that names the blocker where none can be made.
 */
export async function make(state: State): Promise<Made> {
  const starting = startSandbox(statePath(state.name));
  // While the sandbox starts. If it cannot be, it ends with the pipe to it.
  starting.catch(() => {});
  checkPrograms();
  const { child, ...made } = await starting;
  state.write(made);
  await answer(child, "keep\n");
  child.stdin.close().catch(() => {});
  // Only the sandbox itself has to stay, not the `unshare` that waits for it.
  child.kill("SIGKILL");
  return made;
}

/**
 * Makes one that nobody can find by name. It lives for as long as the child's
 * standard input stays open: it dies with us, however we end.
 */
export async function startThrowaway(): Promise<Started> {
  const started = await startSandbox("throwaway");
  await answer(started.child, "stay\n");
  return started;
}

/** Tells a new sandbox what its maker wants, see make.sh. */
async function answer(child: Deno.ChildProcess, words: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(words)).catch(() => {});
  writer.releaseLock();
}

/**
 * Makes a sandbox, which dies with whoever made it until he has given it an
 * {@linkcode answer}.
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
  try {
    const said = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let words = "";
    while (true) {
      const [, pid, start, uid] = words.match(READY) ?? [];
      if (uid) return { pid: Number(pid), start, uid: Number(uid), child };
      const { value, done } = await within(said.read(), child);
      if (done) throw await blocker(await new Response(child.stderr).text());
      words += value;
    }
  } finally {
    letLive();
  }
}

const READY = /^ready (\d+) (\d+) (\d+)$/m;

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
          t`Making the sandbox took longer than ${
            PATIENCE_MS / 1000
          } seconds, and was ended.`,
          t`See which program hangs (ps), then type the same again.`,
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
