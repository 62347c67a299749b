/** Datagrams that go on by a connection tracking entry from before the rules. */

import { shell, shellWords } from "../cli/shell.ts";
import { tryRun } from "../net/firewall/read.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { Leg } from "../walk/flow.ts";
import { sourceOf } from "./crossings.ts";
import type { Path } from "./path.ts";

/**
 * Puts down entries for the port that is asked for, from the same sender, that
 * lack the NAT that a new conversation gets: whoever keeps to one port, as SIP
 * and syslog do, never gets a new one, see conntrack(8).
 */
export async function oldDatagrams(path: Path, request: Leg): Promise<void> {
  const { means, to } = path.question;
  const src = sourceOf(request);
  if (means?.kind !== "udp" || !src) return;
  for (const namespace of translators(request)) {
    const command = inside(
      namespace,
      shell`conntrack -L -p udp -s ${src} -d ${to} --dport ${means.port}`,
    );
    const listed = await tryRun(shellWords(command));
    for (const line of listed?.stdout.split("\n") ?? []) {
      const [sport, replier, receiver] = flow(line);
      if (!sport || replier !== to || receiver !== src) continue;
      path.add("conntrack-stale", {
        params: { address: src },
        look: { command, said: line.trim() },
        fix: [
          inside(
            namespace,
            shell`conntrack -D -p udp -s ${src} -d ${to} --sport ${sport} --dport ${means.port}`,
          ),
        ],
        breaks: false,
      });
    }
  }
}

/** The namespaces whose rules rewrite a new conversation. */
function translators({ steps }: Leg): Set<Namespace> {
  return new Set(
    steps.flatMap((step) =>
      step.kind === "hook" && step.nat ? step.namespace : []
    ),
  );
}

/** Its own port, and who answers whom, of an entry's line. */
function flow(line: string): string[] {
  const [, sport, replier, receiver] = line.match(
    / sport=(\d+) dport=\d+ .*? src=(\S+) dst=(\S+) /,
  ) ?? [];
  return [sport, replier, receiver];
}
