/** Source NAT: whether what leaves can be answered. */

import { shell } from "../cli/shell.ts";
import { covers, isPrivate } from "../net/ipv4.ts";
import { passHook, type Translation } from "../net/firewall/pass_hook.ts";
import {
  type Chain,
  matches,
  natOf,
  type Rule,
} from "../net/firewall/ruleset.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { Packet } from "../net/firewall/packet.ts";
import {
  BRIDGE_NETFILTER_OFF,
  SHOW_BRIDGE_NETFILTER,
} from "./bridge_netfilter.ts";
import type { Path } from "./path.ts";
import type { End } from "../net/segment.ts";
import { t } from "../cli/translate.ts";

/** How a packet leaves the last router that we see. */
export interface Departure {
  /** Where it leaves. */
  end: End;
  /** How its addresses were rewritten as it left. */
  nat?: Translation;
  /** The rule that took it out of connection tracking. */
  untracked?: Rule;
  /** A bridge on the way asked about NAT already: the router asks no more. */
  isAskedBefore: boolean;
}

/** Checks the sender that a packet has when it leaves for the internet. */
export async function sourceNat(
  path: Path,
  { end, nat, untracked, isAskedBefore }: Departure,
  src: string,
  dst: string,
): Promise<void> {
  const { namespace, link: { name: dev } } = end;
  const packet = pingOf(namespace, src, dst, dev);
  const { own } = packet;
  if (nat) path.saw("nat", t`${src} leaves with the address of ${dev}`);
  else path.saw("nat", t`${src} leaves as it is, by ${dev}`);
  if (nat && !nat.isMasquerade) {
    const to = nat.to.address;
    // Whoever is out there answers the uplink's own address, and public ones.
    const isUplinks = end.link.addresses.some(({ local }) => local === to);
    const isAnswerable = isUplinks ||
      to !== undefined && own.includes(to) &&
        (!isPrivate(to) || isPrivate(dst));
    if (to === undefined || isAnswerable) return;
    path.add("snat-wrong", {
      params: { address: to, who: namespace.label, dev },
      look: { command: nat.rule.show, line: nat.rule.line },
      // The rule behind it, if there is one, then gets its turn.
      fix: await hasOther(path, nat.rule, namespace, packet)
        ? [nat.rule.remove]
        : [nat.rule.remove, masquerade(path, namespace, src, dev)],
    });
    return;
  }
  if (nat || !isPrivate(src) || own.includes(src) || isPrivate(dst)) return;
  if (untracked) {
    path.add("not-tracked", {
      params: { who: namespace.label },
      look: { command: untracked.show, line: untracked.line },
      fix: [untracked.remove],
    });
    return;
  }
  const { chains } = await path.network.firewall(namespace);
  const isMeant = sourceRules(chains).some((rule) =>
    matches(rule, packet) === true
  );
  if (isAskedBefore && isMeant) return natTooEarly(path, namespace);
  if (shadowed(path, chains, packet)) return;
  const meant = sourceRules(chains).find((rule) =>
    isForAll(rule) &&
    (rule.from
      ? covers(rule.from, src) || !isConnected(namespace, rule.from)
      : rule.out !== undefined)
  );
  if (meant) {
    const why = meant.from && !covers(meant.from, src)
      ? t`from ${src}, the rule is for ${meant.from}`
      : t`leaving by ${dev}, the rule is for ${meant.out ?? "others"}`;
    path.add("masquerade-mismatch", {
      params: { seen: why },
      look: { command: meant.show, line: meant.line },
      fix: [meant.remove, masquerade(path, namespace, src, dev)],
    });
    return;
  }
  path.add("masquerade-missing", {
    params: { address: src, dev, who: namespace.label },
    // Where there is no such table yet, `iptables -t nat -S` might make one.
    look: chains.some(({ backend, table }) =>
        backend === "iptables" && table === "nat"
      )
      ? {
        command: inside(namespace, "iptables -t nat -S POSTROUTING"),
        line: "-P POSTROUTING",
      }
      : { command: inside(namespace, "iptables-save"), line: "MASQUERADE" },
    fix: [masquerade(path, namespace, src, dev)],
  });
}

/**
 * Whether a rule is for whatever leaves. One for certain destinations or ports
 * has another purpose, such as Docker's for a container that asks for itself.
 */
function isForAll({ line }: Rule): boolean {
  return !/ (-d|-p|--dports?|--dst-type|daddr|dport) /.test(` ${line} `);
}

/** A ping's question as it leaves a router, before NAT. */
function pingOf(
  { links }: Namespace,
  src: string,
  dst: string,
  oif: string,
): Packet {
  return {
    family: "ip",
    protocol: "icmp",
    icmp: { type: 8, code: 0 },
    length: 84,
    ttl: 63,
    mark: 0,
    ...{ src, dst, oif },
    own: links.flatMap(({ addresses }) => addresses.map(({ local }) => local)),
    ct: { state: "new", direction: "original", nat: [], mark: 0 },
  };
}

/** A bridge that asks iptables lets NAT be decided before the router's turn. */
function natTooEarly(path: Path, namespace: Namespace): void {
  path.add("nat-too-early", {
    params: { who: namespace.label },
    look: { command: inside(namespace, SHOW_BRIDGE_NETFILTER) },
    fix: [inside(namespace, BRIDGE_NETFILTER_OFF)],
  });
}

async function hasOther(
  path: Path,
  rule: Rule,
  namespace: Namespace,
  packet: Packet,
): Promise<boolean> {
  const { chains } = await path.network.firewall(namespace);
  return sourceRules(chains).some((other) =>
    other !== rule && matches(other, packet) === true
  );
}

/** A rule that would match is behind one that decides before it. */
function shadowed(
  path: Path,
  chains: readonly Chain[],
  packet: Packet,
): boolean {
  for (const chain of chains) {
    if (chain.hook !== "postrouting" || chain.type !== "nat") continue;
    const at = chain.rules.findIndex((rule) =>
      natOf(rule) === "snat" && matches(rule, packet) === true
    );
    const earlier = chain.rules.slice(0, Math.max(at, 0)).find((rule) =>
      letsPass(rule, packet) && matches(rule, packet) === true
    );
    if (!earlier) continue;
    path.add("masquerade-shadowed", {
      params: {},
      look: { command: earlier.show, line: earlier.line },
      fix: [earlier.remove],
    });
    return true;
  }
  return false;
}

function sourceRules(chains: readonly Chain[]): Rule[] {
  return chains.filter(({ hook, type }) =>
    hook === "postrouting" && type === "nat"
  ).flatMap(({ rules }) => rules).filter((rule) => natOf(rule) === "snat");
}

/** Whether a rule ends a packet's way through its chain, and nothing else. */
function letsPass({ statements }: Rule, packet: Packet): boolean {
  return statements.some((each) => {
    const verdict = each.does === "judge" ? each.verdict(packet) : undefined;
    return verdict !== undefined && verdict !== "unknown" &&
      ["accept", "return"].includes(verdict.kind);
  });
}

const isConnected = ({ routes }: Namespace, prefix: string): boolean =>
  routes.some(({ to, via }) => to === prefix && !via);

function masquerade(
  path: Path,
  namespace: Namespace,
  src: string,
  dev: string,
): string {
  return inside(
    namespace,
    shell`iptables -t nat -A POSTROUTING -s ${
      path.networkOf(src)
    } -o ${dev} -j MASQUERADE`,
  );
}

/** Rules that work, but do more than they should, or are there twice. */
export async function natManners(
  path: Path,
  router: End,
  src: string,
  neighbour: string | undefined,
  uplink: string | undefined,
): Promise<void> {
  const { namespace, link } = router;
  const { chains } = await path.network.firewall(namespace);
  const rules = sourceRules(chains);
  const twice = rules.find((rule, i) =>
    rules.findIndex((each) =>
      each.line === rule.line && each.show === rule.show
    ) < i
  );
  if (twice) {
    path.add("masquerade-twice", {
      params: {},
      look: { command: twice.show, line: twice.line },
      fix: [twice.remove],
      breaks: false,
    });
  }
  if (!neighbour) return;
  const packet = pingOf(namespace, src, neighbour, link.name);
  const families = ["ip", "inet"];
  const [{ nat }] = passHook(chains, families, "postrouting", packet);
  if (!nat?.isMasquerade) return;
  const { rule } = nat;
  path.add("masquerade-too-wide", {
    params: { dev: uplink ?? t`the uplink` },
    look: { command: rule.show, line: rule.line },
    fix: uplink ? [rule.remove, masquerade(path, namespace, src, uplink)] : [],
    breaks: false,
  });
}
