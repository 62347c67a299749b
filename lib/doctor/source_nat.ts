/** Source NAT: whether what leaves can be answered. */

import { shell } from "../cli/shell.ts";
import { covers, isPrivate } from "../net/ipv4.ts";
import type { Forwarding } from "./forward.ts";
import { type Known, outcomeAt, packetOf } from "./hooks.ts";
import {
  type Chain,
  matches,
  natOf,
  type Rule,
} from "../net/firewall/ruleset.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { Packet } from "../net/firewall/packet.ts";
import type { Path } from "./path.ts";
import type { End } from "../net/segment.ts";
import { t } from "../cli/translate.ts";

/** Checks the sender that a packet has when it leaves for the internet. */
export async function sourceNat(
  path: Path,
  { end, nat, untracked }: Forwarding,
  src: string,
  dst: string,
): Promise<void> {
  const { namespace, link: { name: dev } } = end;
  const own =
    packetOf(namespace, { kind: "request", src, dst, state: "new" }).own;
  if (nat) path.saw("nat", t`${src} leaves with the address of ${dev}`);
  else path.saw("nat", t`${src} leaves as it is, by ${dev}`);
  if (nat && !nat.isMasquerade) {
    const to = nat.to.address;
    if (to === undefined || own.includes(to)) return;
    path.add("snat-wrong", {
      params: { address: to, who: namespace.label, dev },
      look: { command: nat.rule.show, line: nat.rule.line },
      // The rule behind it, if there is one, then gets its turn.
      fix: await hasOther(path, nat.rule, end, src, dst)
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
  if (shadowed(path, chains, namespace, src, dst, dev)) return;
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

async function hasOther(
  path: Path,
  rule: Rule,
  { namespace, link }: End,
  src: string,
  dst: string,
): Promise<boolean> {
  const { chains } = await path.network.firewall(namespace);
  const packet = packetOf(namespace, {
    kind: "request",
    src,
    dst,
    state: "new",
    oif: link.name,
  });
  return sourceRules(chains).some((other) =>
    other !== rule && matches(other, packet) === true
  );
}

/** A rule that would match is behind one that decides before it. */
function shadowed(
  path: Path,
  chains: readonly Chain[],
  namespace: Namespace,
  src: string,
  dst: string,
  dev: string,
): boolean {
  const packet = packetOf(namespace, {
    kind: "request",
    src,
    dst,
    state: "new",
    oif: dev,
  });
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
  const packet: Known = {
    kind: "request",
    src,
    dst: neighbour,
    state: "new",
    oif: link.name,
  };
  const families = ["ip", "inet"];
  const { nat } = outcomeAt(chains, families, "postrouting", namespace, packet);
  if (!nat?.isMasquerade) return;
  const { rule } = nat;
  path.add("masquerade-too-wide", {
    params: { dev: uplink ?? t`the uplink` },
    look: { command: rule.show, line: rule.line },
    fix: uplink ? [rule.remove, masquerade(path, namespace, src, uplink)] : [],
    breaks: false,
  });
}
