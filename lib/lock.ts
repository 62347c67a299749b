/** One command at a time changes a machine's lab. */

import { tell } from "./terminal.ts";

const LOCK = "/run/docker0-by-hand.lock";

/**
 * Runs `work` while holding the machine's lock. The kernel drops the lock with
 * the process, however that ends. Says so if it has to wait for long.
 */
export async function locked<T>(work: () => Promise<T>): Promise<T> {
  using file = Deno.openSync(LOCK, { create: true, write: true });
  if (!file.tryLockSync(true)) {
    const patience = setTimeout(
      () => tell("Another command is changing this lab: waiting for it."),
      1000,
    );
    await file.lock(true);
    clearTimeout(patience);
  }
  return await work();
}
