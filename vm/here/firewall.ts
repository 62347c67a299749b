/**
 * This machine's own firewall, where it would keep the lab from working. On a
 * Docker host it does: Docker sets the policy of FORWARD to DROP, and has
 * bridged packets held against iptables as well. It is never changed by us.
 */

import { t } from "../../lib/cli/translate.ts";
import type { Stage } from "../../lib/course/stage.ts";
import type { Admission } from "../../lib/lab/guard.ts";
import type { Packet } from "../../lib/net/firewall/packet.ts";
import { passHook } from "../../lib/net/firewall/pass_hook.ts";
import { findTools, readFirewall } from "../../lib/net/firewall/read.ts";
import { ruleText } from "../../lib/net/firewall/rule_text.ts";
import type { Chain, Rule } from "../../lib/net/firewall/ruleset.ts";
import { readSysctl } from "./sysctl.ts";

/**
 * What to tell before the stage shows it: which ping will not be answered, the
 * evidence, and what to type.
 */
export async function warnings(
  { stages, target, subnet, snapshot }: Admission,
): Promise<string[]> {
  const at = target ? stages.indexOf(target) : -1;
  if (!target) return [];
  const promised = (question: "ns2" | "internet") =>
    at >= stages.findIndex(({ reach }) => reach[question] === "ok");
  const bridged = await holdsBridged();
  const missesNat = bridged && promised("internet") ? MISSES_NAT : [];
  const { chains } = await readFirewall({ enter: [] }, await findTools());
  const toNeighbour = promised("ns2") && bridged
    ? dropOf(chains, neighbours(stages))
    : undefined;
  const toInternet = promised("internet")
    ? dropOf(chains, acrossRouter(stages, snapshot.uplink))
    : undefined;
  const drop = toNeighbour ?? toInternet;
  if (!drop) return missesNat;
  const lost = [
    ...toNeighbour ? [t`ns1 to ns2`] : [],
    ...toInternet ? ["ns1 to 8.8.8.8"] : [],
  ];
  const { base, chain, rule } = drop;
  const line = rule ? await ruleText(rule) : chain.line;
  const isNft = base.backend === "nft";
  return [
    ...missesNat,
    t`This machine's firewall will drop ${lost.join(" and ")}:`,
    `  ${line ?? ""}   (${(rule ?? chain).show})`,
    ...(bridged ? [t`  ${BRIDGED} = 1   (bridged packets meet it, too)`] : []),
    t`That is not the lab's to change. To let the lab through, type this:`,
    `  ${base.accept({ from: subnet.text, first: true })}`,
    `  ${base.accept({ to: subnet.text, first: true })}`,
    isNft
      ? t`To take that back later: \`${base.show}\` tells the rules' handles, for \`nft delete rule\`.`
      : t`To take that back later, type the same with -D for -I.`,
  ];
}

/** Where the first of these packets that does not pass ends. */
function dropOf(
  chains: readonly Chain[],
  packets: readonly Packet[],
): { base: Chain; chain: Chain; rule?: Rule } | undefined {
  for (const packet of packets) {
    const [{ by }] = passHook(chains, ["ip", "inet"], "forward", packet);
    if (by) return by;
  }
}

/** A ping from ns1 to ns2, and its answer, as the bridge shows them to iptables. */
function neighbours(stages: readonly Stage[]): Packet[] {
  const [one, two] = [addressIn(stages, "ns1"), addressIn(stages, "ns2")];
  const bridge = { iif: "br0", oif: "br0" };
  return bothWays({
    ...{ src: one, dst: two },
    ...{ ...bridge, portIn: "br-veth1", portOut: "br-veth2" },
  });
}

/**
 * A ping from ns1 to 8.8.8.8, and its answer. The PC answers ARP for rt-veth's
 * address on br0 as well, so what ns1 sends to its router may come in by either.
 */
function acrossRouter(stages: readonly Stage[], uplink?: string): Packet[] {
  const src = addressIn(stages, "ns1");
  return ["br0", "rt-veth"].flatMap((iif) =>
    bothWays({ src, dst: "8.8.8.8", iif, oif: uplink })
  );
}

function addressIn(stages: readonly Stage[], netns: string): string {
  for (const fact of stages.flatMap(({ facts }) => [...facts])) {
    if ("address" in fact && fact.in === netns) {
      return fact.address.split("/")[0];
    }
  }
  return "";
}

function bothWays(
  { src, dst, iif, oif, portIn, portOut }: Partial<Packet> & {
    src: string;
    dst: string;
  },
): Packet[] {
  const ping = { family: "ip", protocol: "icmp", ttl: 63, own: [] } as const;
  return [
    {
      ...ping,
      ...{ src, dst, iif, oif, portIn, portOut },
      icmp: { type: 8, code: 0 },
      ct: { state: "new", direction: "original", nat: [] },
    },
    {
      ...ping,
      ...{ src: dst, dst: src, iif: oif, oif: iif },
      ...{ portIn: portOut, portOut: portIn },
      icmp: { type: 0, code: 0 },
      ct: { state: "established", direction: "reply", nat: [] },
    },
  ];
}

/** Whether bridged packets go through iptables; known with br_netfilter only. */
const BRIDGED = "net.bridge.bridge-nf-call-iptables";

/**
 * What br0 only switches, on its way to rt-veth, meets the rules of NAT then
 * and there: none is for br0's ports, and the conversation is settled. When PC
 * routes the packet afterwards it is no new one.
 */
const MISSES_NAT = [
  t`On this machine iptables sees what a bridge only switches:`,
  `  ${BRIDGED} = 1`,
  t`So NAT may miss what ns1 sends to 8.8.8.8. That is not the lab's to change.`,
  t`To let it through, type this (and the same with =1 to take it back):`,
  `  sysctl -w ${BRIDGED}=0`,
];

async function holdsBridged(): Promise<boolean> {
  return await readSysctl(BRIDGED) === "1";
}
