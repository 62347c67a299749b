/**
 * What a sandbox that is made for a stage begins with. It is empty, so the
 * first lines of the lab are known before anybody has looked; they run while
 * Deno starts inside.
 */

import type { Begun } from "../lib/batch.ts";
import { later } from "../lib/later.ts";
import type { Machine } from "../lib/task.ts";
import type { Work } from "./enter.ts";
import { isFile } from "./path.ts";
import { whenReady } from "./sandbox/mod.ts";

/** Calls that do no more than bring the lab to their stage. */
const PLAIN = /^(?:--(?:json|quiet|(?:on|name)[ =]\S+)(?: |$))*$/;

/** On the host: the lines for `ip`, one a line; "" if nothing can be said. */
export async function firstLines(work: Work): Promise<string> {
  if ("main" in work || "probes" in work) return ""; // Not a stage.
  if (!PLAIN.test(Deno.args.join(" "))) return "";
  const [{ stages }, { firstBatch }]: [
    typeof import("../scripts/mod.ts"),
    typeof import("../lib/batch.ts"),
  ] = await Promise.all([
    import(later("../scripts/mod.ts", import.meta)),
    import(later("../lib/batch.ts", import.meta)),
  ]);
  const end = stages.findIndex(({ name }) => name === work.name) + 1;
  return firstBatch(stages.slice(0, end).flatMap(({ commands }) => commands));
}

const RESULT = "/run/docker0-by-hand.begun";

/** Inside: what the sandbox began with. Resolves when one may build. */
export async function whatBegan(
  { begun }: Machine,
): Promise<Begun | undefined> {
  if (!begun) return undefined;
  // Rarely ever is Deno faster than the few lines before that.
  const ready = whenReady();
  if (!isFile(RESULT)) await ready;
  const ended = ready.then(() => {
    const words = Deno.readTextFileSync(RESULT);
    const code = words.endsWith("done\n") ? 0 : 1;
    return { code, stdout: "", stderr: code === 0 ? "" : words };
  });
  // Whoever waits for it hears of it.
  ended.catch(() => {});
  return { lines: begun, ended };
}
