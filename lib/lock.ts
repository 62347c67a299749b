/** One command at a time changes a machine's lab. */

import { tell } from "./terminal.ts";

const LOCK = "/run/docker0-by-hand.lock";

/**
 * Runs `work` while holding the machine's lock. The kernel drops the lock with
 * the process, however that ends. Says so if it has to wait for long.
 *
 * `work` is told whether it is the first ever to hold this machine's lock.
 */
export async function locked<T>(
  work: (first: boolean) => Promise<T>,
): Promise<T> {
  using file = Deno.openSync(LOCK, { create: true, read: true, write: true });
  if (!file.tryLockSync(true)) {
    const patience = setTimeout(
      () => tell("Another command is changing this lab: waiting for it."),
      1000,
    );
    await file.lock(true);
    clearTimeout(patience);
  }
  const first = file.statSync().size === 0;
  file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  return await work(first);
}
