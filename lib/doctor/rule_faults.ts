/** A rule or a policy that drops the question's packet, or rewrites it. */

import type { Packet } from "../net/firewall/packet.ts";
import { passHook, type Translation } from "../net/firewall/pass_hook.ts";
import type { Chain } from "../net/firewall/ruleset.ts";
import { engineOfChain } from "../net/firewall/owners.ts";
import { inside, linkOf, type Namespace } from "../net/namespace.ts";
import { segmentOf } from "../net/segment.ts";
import type { Outcome } from "../walk/flow.ts";
import {
  BRIDGE_NETFILTER_OFF,
  SHOW_BRIDGE_NETFILTER,
} from "./bridge_netfilter.ts";
import { internalOnly } from "./engine_networks.ts";
import type { Code } from "./causes.ts";
import type { Path } from "./path.ts";

/** A way that ended at a rule, or at the policy of a chain. */
export type DroppedByRule = NonNullable<
  Extract<Outcome, { end: "dropped" }>["by"]
>;

/** Puts down a rule or policy that dropped the packet. */
export async function droppedByRule(
  path: Path,
  namespace: Namespace,
  by: DroppedByRule,
): Promise<void> {
  const { base, chain, rule, hook, packet } = by;
  const asker = path.network.labelled(path.question.from);
  if (engineOfChain(chain.name) && asker && await internalOnly(path, asker)) {
    return;
  }
  const look = rule
    ? { command: rule.show, line: rule.line }
    : { command: chain.show, line: chain.line };
  const draft = path.notes.shownBy(look);
  const isAnswer = packet.ct.direction === "reply";
  // A rule for all that was not asked for: what lacks is one for the answers.
  const isWall = rule && hook === "forward" && isAnswer &&
    !rule.from && !rule.to && !draft;
  const through = toLetThrough(path, hook, packet);
  const fix = isWall
    ? base.accept({ ...through, first: true })
    : rule
    ? rule.remove
    : chain.accept(through);
  const other = await otherWay(path, namespace, by);
  const back = other ? [chain.accept(toLetThrough(path, hook, other))] : [];
  const code = codeOf(
    chain,
    hook,
    rule !== undefined && !isWall,
    isAnswer && !other,
  );
  path.add(draft?.code ?? code, {
    params: {
      who: namespace.label,
      from: path.question.from,
      table: chain.table,
      chain: `${chain.family} ${chain.table} ${chain.name}`,
    },
    look: packet.portIn
      ? [look, { command: inside(namespace, SHOW_BRIDGE_NETFILTER) }]
      : look,
    // With the router behind a port as well, NAT would be decided on the
    // bridge, too early: then it is better not to ask iptables there at all.
    fix: !rule && packet.portIn && hasRouterBehindPort(path, namespace, packet)
      ? [inside(namespace, BRIDGE_NETFILTER_OFF), fix, ...back]
      : [fix, ...back],
  });
}

/**
 * The packet of the other direction, where the same policy drops it as well: a
 * policy that lets nothing through either way is one fault.
 */
async function otherWay(
  path: Path,
  namespace: Namespace,
  { chain, rule, hook, packet }: DroppedByRule,
): Promise<Packet | undefined> {
  if (rule || hook !== "forward") return undefined;
  const { chains } = await path.network.firewall(namespace);
  const isAnswer = packet.ct.direction === "reply";
  const other: Packet = {
    ...packet,
    ...{ src: packet.dst, dst: packet.src },
    ...{ iif: packet.oif, oif: packet.iif },
    ...{ portIn: packet.portOut, portOut: packet.portIn },
    icmp: packet.icmp && { type: isAnswer ? 8 : 0, code: 0 },
    ct: {
      state: isAnswer ? "new" : "established",
      direction: isAnswer ? "original" : "reply",
      nat: [],
      mark: 0,
    },
  };
  const [{ by }] = passHook(chains, ["ip", "inet"], hook, other);
  return by && !by.rule && by.chain === chain ? other : undefined;
}

/** Whether the bridge that asks has its own namespace behind one of its ports. */
function hasRouterBehindPort(
  { network }: Path,
  namespace: Namespace,
  { iif }: Packet,
): boolean {
  const bridge = linkOf(namespace, iif);
  return bridge !== undefined &&
    segmentOf(network, { namespace, link: bridge }).ends.some((end) =>
      end.port && end.namespace === namespace
    );
}

function codeOf(
  chain: Chain,
  hook: string,
  byRule: boolean,
  isAnswer: boolean,
): Code {
  if (chain.backend === "nft") return "nftables-drop";
  if (chain.backend === "other iptables") return "other-backend-drop";
  switch (hook) {
    case "forward":
      if (byRule) return "forward-rule-drop";
      return isAnswer ? "return-not-accepted" : "forward-policy-drop";
    case "input":
      return "input-drop";
    case "output":
      return "output-drop";
    case "postrouting":
      return "postrouting-drop";
    default:
      return "prerouting-drop";
  }
}

/** What has to be let through: no more than the question needs. */
function toLetThrough(
  path: Path,
  hook: string,
  { src, dst, ct, protocol, dport }: Packet,
) {
  const replies = ct.direction === "reply";
  switch (hook) {
    case "output":
      return { replies };
    case "input":
      return replies ? { replies } : {
        from: path.networkOf(src),
        ...protocol !== "icmp" && protocol && dport
          ? { port: { protocol, number: dport } }
          : {},
      };
    default:
      return replies && path.networkOf(src) !== path.networkOf(dst)
        ? { to: path.networkOf(dst), replies }
        : { from: path.networkOf(src) };
  }
}

/** Destination NAT that sends the question's packets somewhere else. */
export function diverted(
  path: Path,
  namespace: Namespace,
  { rule, to: { address } }: Translation,
): void {
  path.add("dnat-diverts", {
    params: {
      who: namespace.label,
      to: path.question.to,
      address: address ?? "?",
    },
    look: { command: rule.show, line: rule.line },
    fix: [rule.remove],
  });
}
