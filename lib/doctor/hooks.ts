/** A packet at one of the kernel's hooks, and what its drop is called. */

import type { Packet } from "../net/firewall/packet.ts";
import {
  type Passage,
  passHook,
  type Surroundings,
  type Translation,
} from "../net/firewall/pass_hook.ts";
import type { Chain, Rule } from "../net/firewall/ruleset.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Code } from "./causes.ts";
import type { Path } from "./path.ts";
import { t } from "../cli/translate.ts";

/** What a step knows of the packet: an ARP question, or a ping. */
export interface Known extends
  Partial<
    Pick<Packet, "iif" | "oif" | "portIn" | "portOut" | "mark" | "ttl">
  > {
  /** What it is. */
  kind: "arp" | "request" | "reply";
  /** What connection tracking calls it. */
  state: "new" | "established" | "untracked";
  /** The sender. */
  src: string;
  /** The receiver. */
  dst: string;
  /** The receiver that it had before the kernel undid NAT. */
  before?: string;
  /** The sender that MASQUERADE would write. */
  masquerade?: string;
}

/** The packet of a step, with what every ping has. */
export function packetOf(namespace: Namespace, known: Known): Packet {
  const { kind, state, before: _before, masquerade: _m, ...given } = known;
  const own = namespace.links.flatMap(({ addresses }) =>
    addresses.map(({ local }) => local)
  );
  const isReply = kind === "reply";
  return {
    ...kind === "arp" ? { family: "arp" } : {
      family: "ip",
      protocol: "icmp",
      icmp: { type: isReply ? 0 : 8, code: 0 },
      length: PING_BYTES,
    },
    ttl: 64,
    mark: 0,
    own: [...own, "127.0.0.1"],
    ...given,
    ct: {
      state: kind === "arp" ? "invalid" : state,
      direction: isReply ? "reply" : "original",
      nat: [],
      mark: 0,
    },
  };
}

/** As ping(8) sends it: 56 bytes of its own, and 28 of headers. */
const PING_BYTES = 84;

/** What becomes of the packet if no rule matches that nobody can tell of. */
export interface Outcome extends Omit<Passage, "ifMatching" | "ifNot"> {
  /** Whether it is dropped or rejected. */
  dropped: boolean;
  /** False if a rule that nobody can tell of would change that. */
  sure: boolean;
  /** Such rules that would drop it. */
  doubts: Rule[];
}

/** Holds the packet of a step against all rules of a hook. */
export function outcomeAt(
  chains: Parameters<typeof passHook>[0],
  families: readonly string[],
  hook: string,
  namespace: Namespace,
  known: Known,
): Outcome {
  const { before, dst, masquerade } = known;
  const around: Surroundings = {
    masquerade,
    ...before ? { known: { dst: { address: dst } } } : {},
  };
  const packet = packetOf(namespace, { ...known, dst: before ?? dst });
  const [first, ...others] = passHook(chains, families, hook, packet, around);
  const isLost = ({ end }: Passage) => end !== "passes";
  return {
    ...first,
    dropped: isLost(first),
    sure: others.every((each) =>
      isLost(each) === isLost(first) && each.nat?.rule === first.nat?.rule
    ),
    doubts: isLost(first) ? [] : others.filter(isLost)
      .flatMap(({ ifMatching }) => ifMatching),
  };
}

/**
 * Holds a packet against all rules of a hook, those of both iptables and of
 * nftables, and puts down what drops it.
 */
export async function firewallAt(
  path: Path,
  namespace: Namespace,
  hook: string,
  known: Known,
  families: readonly string[] = ["ip", "inet"],
): Promise<Outcome> {
  const { chains, unread } = await path.network.firewall(namespace);
  for (const what of unread) path.notes.unchecked.add(what);
  const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
  path.saw(
    "firewall",
    rules
      ? `${namespace.label}: ${count(rules, "rule")}`
      : t`${namespace.label}: no rules`,
  );
  const outcome = outcomeAt(chains, families, hook, namespace, known);
  if (outcome.dropped) putDown(path, namespace, hook, outcome, known);
  else {
    for (const rule of outcome.doubts) {
      path.notes.doubts.push({ rule, namespace, question: path.question });
    }
  }
  return outcome;
}

const count = (number: number, what: string): string =>
  t`${number} ${what}${number === 1 ? "" : "s"} read`;

function putDown(
  path: Path,
  namespace: Namespace,
  hook: string,
  { by, sure }: Outcome,
  known: Known,
): void {
  const { base, chain, rule } = by!;
  const look = rule
    ? { command: rule.show, line: rule.line }
    : { command: chain.show, line: chain.line };
  const draft = path.notes.shownBy(look);
  // A rule for all that was not asked for: what lacks is one for the answers.
  const isWall = rule && hook === "forward" && known.state === "established" &&
    !rule.from && !rule.to && !draft;
  const through = pass(path, hook, known);
  const fix = isWall
    ? base.accept({ ...through, first: true })
    : rule
    ? rule.remove
    : chain.accept(through);
  const code = codeOf(chain, hook, rule !== undefined && !isWall, known);
  path.add(draft?.code ?? code, {
    params: {
      who: namespace.label,
      from: path.question.from,
      table: chain.table,
      chain: `${chain.family} ${chain.table} ${chain.name}`,
    },
    look,
    fix: [fix],
    sure,
  });
}

function codeOf(
  chain: Chain,
  hook: string,
  byRule: boolean,
  { state }: Known,
): Code {
  if (chain.backend === "nft") return "nftables-drop";
  if (chain.backend === "other iptables") return "other-backend-drop";
  switch (hook) {
    case "forward":
      if (byRule) return "forward-rule-drop";
      return state === "new" ? "forward-policy-drop" : "return-not-accepted";
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
function pass(path: Path, hook: string, { src, dst, state }: Known) {
  const replies = state === "established";
  switch (hook) {
    case "output":
      return { replies };
    case "input":
      return replies ? { replies } : { from: path.networkOf(src) };
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
  to: string,
): void {
  path.add("dnat-diverts", {
    params: {
      who: namespace.label,
      to,
      address: address ?? "?",
    },
    look: { command: rule.show, line: rule.line },
    fix: [rule.remove],
  });
}
