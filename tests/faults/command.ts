/** Typing commands, and what has to be true of every one of them. */

import config from "../../deno.json" with { type: "json" };
import { ROOT } from "../../vm/path.ts";

/** How a command ended. */
export interface Ended {
  /** What was typed. */
  line: string;
  /** Its exit code; 128 and the signal if one ended it. */
  code: number;
  /** What it wrote to standard output. */
  stdout: string;
  /** What it wrote to standard error. */
  stderr: string;
}

/** A command that runs. */
export interface Running {
  /** Its process, which leads a process group of its own. */
  pid: number;
  /** Its end. Throws if it takes longer than any command may. */
  ended: Promise<Ended>;
  /** Whether it has ended. */
  isOver: boolean;
}

/** No command takes longer, also where twenty are typed at once. */
const PATIENCE_MS = 40_000;

/** The way to the checkout's own front door. */
export const LAB = `${ROOT}lab`;

/** What is added to the environment of everything that is typed. */
export const ENV: Record<string, string> = {
  NO_COLOR: "1",
  LAB_ON: "sandbox",
  LAB_CALL: "./lab",
};

/**
 * Starts a task, such as `stage:nat --quiet`, by the command line that
 * deno.json has for it.
 *
 * @param heard is told every line of its output.
 */
export function start(
  line: string,
  env: Record<string, string> = {},
  heard: (line: string) => void = () => {},
  patienceMs = PATIENCE_MS,
): Running {
  const [name, ...words] = line.split(" ");
  const tasks: Record<string, { command: string }> = config.tasks;
  return startProgram(
    [...tasks[name].command.split(" "), ...words],
    line,
    env,
    heard,
    patienceMs,
  );
}

/** Starts any program; `line` is what it is called in the test's own words. */
export function startProgram(
  [program, ...args]: string[],
  line: string,
  env: Record<string, string> = {},
  heard: (line: string) => void = () => {},
  patienceMs = PATIENCE_MS,
): Running {
  const child = new Deno.Command(program, {
    args,
    cwd: ROOT,
    env: { ...ENV, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const running: Running = { pid: child.pid, isOver: false, ended: end() };
  return running;

  async function end(): Promise<Ended> {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      killGroup(child.pid);
    }, patienceMs);
    const [stdout, stderr, status] = await Promise.all([
      listen(child.stdout, heard),
      listen(child.stderr, () => {}),
      child.status.then((status) => {
        running.isOver = true;
        return status;
      }),
    ]);
    clearTimeout(late);
    const ended = { line, code: status.code, stdout, stderr };
    if (isLate) throw new Error(`did not end by itself: ${show(ended)}`);
    return ended;
  }
}

/** Types a task and waits for its end. */
export function type(
  line: string,
  env: Record<string, string> = {},
  patienceMs = PATIENCE_MS,
): Promise<Ended> {
  return start(line, env, undefined, patienceMs).ended;
}

async function listen(
  stream: ReadableStream<Uint8Array>,
  heard: (line: string) => void,
): Promise<string> {
  let text = "";
  let told = 0;
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end; (end = text.indexOf("\n", told)) >= 0; told = end + 1) {
      heard(text.slice(told, end));
    }
  }
  return text;
}

/** kill -9 of a process group. No matter if it has just ended. */
export function killGroup(pid: number, signal: Deno.Signal = "SIGKILL") {
  try {
    Deno.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** What no output may hold, whatever happens. */
const CRASH =
  /Unexpected:|Uncaught|panicked|^ {4}at \S|\bBroken pipe|\[object Object\]|\bundefined\b|\bNaN\b/m;

/** Throws unless it ended with one of these codes, and said nothing improper. */
export function expectEnd(ended: Ended, ...codes: number[]): Ended {
  const { code, stdout, stderr } = ended;
  if (CRASH.test(stdout) || CRASH.test(stderr)) {
    throw new Error(`crashed: ${show(ended)}`);
  }
  if (!codes.includes(code)) {
    throw new Error(
      `ended with ${code} instead of ${codes.join(" or ")}: ${show(ended)}`,
    );
  }
  if (code !== 0 && /the lab is complete/.test(stdout)) {
    throw new Error(`called complete what is not: ${show(ended)}`);
  }
  // A verdict that could not be had stands among the verdicts.
  const isSaid = /could-not-check/.test(stdout) || /^.+\n.+/.test(stderr);
  if (code === 3 && !isSaid) {
    throw new Error(`gave no reason with a next step: ${show(ended)}`);
  }
  return ended;
}

/** A command and what it said, its last lines. */
export function show({ line, code, stdout, stderr }: Ended): string {
  const last = (text: string) => text.trimEnd().split("\n").slice(-12);
  return [`${line} (exit ${code})`, ...last(stdout), ...last(stderr)]
    .filter(Boolean).join("\n  ");
}

/** Waits for something to become true; false if it did not in time. */
export async function until(
  isSo: () => boolean,
  patienceMs: number,
): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (!isSo()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return true;
}
