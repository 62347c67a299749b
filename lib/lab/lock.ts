/** Locks: one command at a time, and nobody waits for ever or for a stranger. */

import { run } from "../cli/command.ts";
import { Problem } from "../cli/problem.ts";
import { tell } from "../cli/terminal.ts";
import { t } from "../cli/translate.ts";

const LOCK = "/run/docker0-by-hand.lock";

/**
 * Runs `work` while holding the machine's lock: one command at a time changes a
 * machine's lab. Throws a {@linkcode Problem} as {@linkcode openLocked} does.
 *
 * @param work is told whether nobody has held this machine's lock before.
 */
export async function locked<T>(
  work: (isFirst: boolean) => Promise<T>,
): Promise<T> {
  using file = await openLocked(LOCK, t`This lab is being changed`);
  const isFirst = file.statSync().size === 0;
  file.writeSync(new TextEncoder().encode("used\n"));
  return await work(isFirst);
}

/**
 * Opens a private file, made if need be, and locks it. The kernel drops the
 * lock with the process, however that ends. Who has to wait is told for whom.
 * Throws a {@linkcode Problem} if the file is not ours alone, or if the same
 * process holds it for longer than {@linkcode patience}.
 *
 * @param doing what whoever holds the lock does, as the first half of a
 * sentence that goes on "by process 12".
 */
export async function openLocked(
  path: string,
  doing: string,
): Promise<Deno.FsFile> {
  checkPrivate(path);
  const file = Deno.openSync(path, {
    create: true,
    read: true,
    write: true,
    mode: 0o600,
  });
  if (file.tryLockSync(true)) return file;
  try {
    await wait(file, doing);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function wait(file: Deno.FsFile, doing: string): Promise<void> {
  let [who, since, told] = ["", Date.now(), false];
  for (let round = 1; !file.tryLockSync(true); round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    // Asking who it is takes a process: some three times a second.
    if (round % 60 > 0) continue;
    const now = await holderOf(file);
    if (now !== who) [who, since] = [now, Date.now()];
    if (!told) tell(t`${doing} by ${who}: waiting for it.`);
    told = true;
    if (Date.now() - since < patience()) continue;
    throw new Problem(
      t`${doing} by ${who}, for more than ${patience() / 1000} seconds.`,
      t`Look what it does, and end it if it hangs. Then type the same again.`,
    );
  }
}

/** How long to wait for one other process: LAB_WAIT seconds, else a minute. */
function patience(): number {
  return 1000 * (Number(Deno.env.get("LAB_WAIT")) || 60);
}

/** Throws unless a file of this path is a plain one that nobody else can open. */
export function checkPrivate(path: string): void {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  const flaw = flawOf(info);
  if (!flaw) return;
  throw new Problem(
    t`The lab's file ${path} ${flaw}: it is not as the lab makes it.`,
    t`See what it is (ls -ld ${path}), remove it, then type the same again.`,
  );
}

/** What is wrong with a private file of ours; undefined if nothing is. */
export function flawOf(
  info: Deno.FileInfo,
  mostBytes = 4096,
): string | undefined {
  if (info.isSymlink) return t`is a symbolic link`;
  if (info.isDirectory) return t`is a folder`;
  if (info.isFifo) return t`is a pipe`;
  if (!info.isFile) return t`is no plain file`;
  if (info.uid !== Deno.uid()) return t`belongs to another user (${info.uid})`;
  if ((info.mode ?? 0) & 0o022) return t`can be written by other users`;
  if (info.size > mostBytes) return t`is ${info.size} bytes long`;
}

/** Who holds the lock on a file, as `/proc/locks` tells it, see proc_locks(5). */
async function holderOf(file: Deno.FsFile): Promise<string> {
  const { dev, ino } = file.statSync();
  // The device's two numbers as the kernel packs them (new_encode_dev).
  const major = (dev >> 8) & 0xfff;
  const minor = (dev & 0xff) | ((dev >> 12) & 0xfff00);
  const hex = (number: number) => number.toString(16).padStart(2, "0");
  const { stdout } = await run(["cat", "/proc/locks"]);
  const line = stdout.split("\n").find((line) =>
    line.includes(` ${hex(major)}:${hex(minor)}:${ino} `) &&
    !line.includes("->")
  );
  const pid = line?.match(/ (\d+) [0-9a-f]+:[0-9a-f]+:\d+ /)?.[1];
  if (!pid) return t`another process`;
  const { stdout: words } = await run(["cat", `/proc/${pid}/cmdline`]);
  const script = words.split("\0").findLast((word) => /\.(ts|sh)$/.test(word));
  return t`process ${pid}${script ? ` (${script.replace(/.*\//, "")})` : ""}`;
}
