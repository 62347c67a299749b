/** A published port that is asked for from the network that it leads into. */

import { shell } from "../cli/shell.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { RoundTrip } from "../walk/flow.ts";
import { dnatsOf } from "./crossings.ts";
import { flowOf } from "./means.ts";
import type { Path } from "./path.ts";

/**
 * Destination NAT sends a connection back to where it came from. Without source
 * NAT as well, the one who is reached answers the asker directly, by its own
 * address, which nobody rewrites; or the asker gets its own packet.
 *
 * @returns whether that was put down.
 */
export function turnedBack(
  path: Path,
  from: Namespace,
  { request, reply }: RoundTrip,
): boolean {
  const [dnat] = dnatsOf(request);
  if (!dnat) return false;
  const { namespace, nat } = dnat;
  const isOwnPacket = request.outcome.end === "dropped" &&
    request.outcome.namespace === from &&
    ["martian", "route-forbids"].includes(request.outcome.reason);
  const isUnknown = reply?.outcome.end === "dropped" &&
    reply.outcome.reason === "wrong-source";
  if (!isOwnPacket && !isUnknown) return false;
  const { to, means } = path.question;
  const { protocol, dport = 0 } = flowOf(to, means);
  if (protocol === "icmp") return false;
  const { address = "?", port = dport } = nat.to;
  path.add("hairpin-nat-missing", {
    params: {
      to,
      address,
      who: namespace.label,
      from: from.label,
    },
    look: { command: nat.rule.show, line: nat.rule.line },
    fix: [
      inside(
        namespace,
        shell`iptables -t nat -A POSTROUTING -s ${
          path.networkOf(address)
        } -d ${address} -p ${protocol} --dport ${port} -j MASQUERADE`,
      ),
    ],
  });
  return true;
}
