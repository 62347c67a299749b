/** One command at a time changes a machine's lab. */

import { tell } from "./terminal.ts";

const LOCK = "/run/docker0-by-hand.lock";

/**
 * Runs `work` while holding the machine's lock. The kernel drops the lock with
 * the process, however that ends. If somebody else has it, says who, and waits.
 *
 * @param task what the others are told of us.
 * @param work is told whether nobody has held this machine's lock before.
 */
export async function locked<T>(
  task: string,
  work: (isFirst: boolean) => Promise<T>,
): Promise<T> {
  using file = Deno.openSync(LOCK, { create: true, read: true, write: true });
  if (!file.tryLockSync(true)) {
    const patience = setTimeout(() => tell(`${busy()}: waiting for it.`), 300);
    await file.lock(true);
    clearTimeout(patience);
  }
  const isFirst = file.statSync().size === 0;
  file.truncateSync();
  file.writeSync(new TextEncoder().encode(`${task} (process ${Deno.pid})`));
  return await work(isFirst);
}

function busy(): string {
  const who = Deno.readTextFileSync(LOCK);
  return `This lab is being changed by ${who || "another command"}`;
}
