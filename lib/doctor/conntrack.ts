/** Conversations from before a NAT rule, which go on without it. */

import { shell, shellWords } from "../cli/shell.ts";
import { isPrivate } from "../net/ipv4.ts";
import { tryRun } from "../net/firewall/read.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import { t } from "../cli/translate.ts";

/**
 * Looks for a conversation that leaves with a private sender and still goes
 * on. One that is over looks the same until it is forgotten. So it is watched for
 * a second: its timeout counts down, unless new packets set it anew.
 */
export async function oldConversations(
  path: Path,
  namespace: Namespace,
  src: string,
): Promise<void> {
  const command = inside(namespace, shell`conntrack -L -s ${src}`);
  // Where NAT fails for all, our own pings leave such conversations too.
  const isBroken = path.notes.drafts.some(({ layer, breaks }) =>
    layer === "nat" && breaks.length > 0
  );
  if (isBroken || await path.network.conntrackAbsent()) return;
  const before = await list(command, src);
  if (!before) {
    path.notes.unchecked.add(
      t`conversations from before the NAT rule: conntrack is not installed`,
    );
    return;
  }
  if (before.size === 0) return;
  if (!path.live) {
    path.notes.unchecked.add(
      t`whether ${before.size} conversation(s) from before the NAT rule still go on: that takes a second`,
    );
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  for (const [flow, { timeout, line }] of await list(command, src) ?? []) {
    const old = before.get(flow);
    if (!old || timeout < old.timeout) continue;
    path.add("conntrack-stale", {
      params: { address: src },
      look: { command, said: line },
      fix: [inside(namespace, shell`conntrack -D -s ${src}`)],
      breaks: false,
    });
    return;
  }
}

/** Timeouts count whole seconds, and a ping sends once a second. */
const WATCH_MS = 1300;

/** Unanswered flows whose answer would go to the private sender itself. */
async function list(
  command: string,
  src: string,
): Promise<Map<string, { timeout: number; line: string }> | undefined> {
  const result = await tryRun(shellWords(command));
  if (!result) return undefined;
  const flows = new Map<string, { timeout: number; line: string }>();
  for (const line of result.stdout.split("\n")) {
    const [there, back] = line.split("[UNREPLIED]");
    const target = there.match(/ dst=(\S+)/)?.[1] ?? "";
    if (!back?.includes(` dst=${src} `) || isPrivate(target)) continue;
    const [, protocol, timeout, flow] =
      there.match(/^(\S+) +\d+ (\d+) (?:[A-Z_]+ )?(.*)$/) ?? [];
    flows.set(`${protocol} ${flow}`, { timeout: Number(timeout), line });
  }
  return flows;
}
