/** Which rule the kernel itself says that it dropped a packet by, see nft(8), "monitor trace". */

import { run } from "../../lib/cli/command.ts";
import type { Packet } from "../../lib/net/firewall/packet.ts";
import { type Namespace, quickEnter } from "../../lib/net/namespace.ts";

/** A rule or a policy, as far as both name it. */
export interface Decision {
  /** The chain, such as `ip filter FORWARD`. */
  chain: string;
  /** Not a rule of it, but its policy. */
  isPolicy: boolean;
}

/** Marks every packet to be traced, before all other rules. */
const TABLE = `table inet lab_trace {
  chain in { type filter hook prerouting priority -450; meta nftrace set 1; }
  chain out { type filter hook output priority -450; meta nftrace set 1; }
}`;

/**
 * Lets the kernel trace the packets of a namespace while a question is asked, and
 * tells by what it dropped the one with these addresses; undefined where it says
 * nothing of it.
 *
 * @param ask sends the packet; it is called again until the trace has begun.
 */
export async function decidingRule(
  namespace: Namespace,
  { src, dst, protocol }: Pick<Packet, "src" | "dst" | "protocol">,
  ask: () => Promise<unknown>,
): Promise<Decision | undefined> {
  const enter = quickEnter(namespace);
  const made = await run([...enter, "nft", "-f", "-"], TABLE);
  if (made.code !== 0) return undefined;
  const [program, ...args] = [...enter, "nft", "monitor", "trace"];
  const monitor = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  const reading = (async () => {
    const decoder = new TextDecoderStream();
    for await (const part of monitor.stdout.pipeThrough(decoder)) text += part;
  })();
  // A refusal by ICMP may have the same addresses: it is another packet.
  const kind = protocol === "icmp" ? "icmp type echo-" : `${protocol} sport `;
  const found = () =>
    findDecision(text, ` ip saddr ${src} ip daddr ${dst} `, ` ${kind}`);
  for (let tries = 0; tries < 4 && !found(); tries++) await ask();
  monitor.kill();
  await Promise.all([reading, monitor.status]);
  await run([...enter, "nft", "delete", "table", "inet", "lab_trace"]);
  return found();
}

function findDecision(
  text: string,
  ...signs: readonly string[]
): Decision | undefined {
  const ours = new Set<string>();
  for (const line of text.split("\n")) {
    const [_, id, chain, what = ""] =
      line.match(/^trace id (\S+) (\S+ \S+ \S+) (.*)$/) ?? [];
    if (!id) continue;
    if (signs.every((sign) => what.includes(sign))) ours.add(id);
    if (!ours.has(id)) continue;
    if (/\(verdict drop\)$/.test(what)) return { chain, isPolicy: false };
    if (/^policy drop\b/.test(what)) return { chain, isPolicy: true };
  }
}
