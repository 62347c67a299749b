/**
 * This machine's own firewall, where it would keep the lab from working. On a
 * Docker host it does: Docker sets the policy of FORWARD to DROP, and has
 * bridged packets held against iptables as well. It is never changed by us.
 */

import type { Admission } from "../../lib/lab/guard.ts";
import { readSysctl } from "./sysctl.ts";
import { t } from "../../lib/cli/translate.ts";

/**
 * What to tell before the stage shows it: which ping will not be answered, the
 * evidence, and what to type. Only iptables is asked: where another firewall
 * is in the way the verdict says so, without the reason.
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
  const evidence = dropping(snapshot.rules.filter ?? []);
  if (!evidence) return missesNat;
  const lost = [
    ...(promised("ns2") && bridged ? [t`ns1 to ns2`] : []),
    ...(promised("internet") ? ["ns1 to 8.8.8.8"] : []),
  ];
  // By address, not by link: the PC answers ARP for rt-veth's address on br0
  // as well, so what ns1 sends to its router may come in by either.
  const remedy = [`-s ${subnet.text} -j ACCEPT`, `-d ${subnet.text} -j ACCEPT`]
    .filter((rule) => !accepts(snapshot.rules.filter ?? [], rule));
  if (lost.length === 0 || remedy.length === 0) return missesNat;
  return [
    ...missesNat,
    t`This machine's firewall will drop ${lost.join(" and ")}:`,
    `  ${evidence}   (iptables -S FORWARD)`,
    ...(bridged ? [t`  ${BRIDGED} = 1   (bridged packets meet it, too)`] : []),
    t`That is not the lab's to change. To let the lab through, type this:`,
    ...remedy.map((rule) => `  iptables -I FORWARD ${rule}`),
    t`To take that back later, type the same with -D for -I.`,
  ];
}

/** The rule or policy that drops what no other rule accepts, if there is one. */
function dropping(filter: string[]): string | undefined {
  return filter.find((each) =>
    /^-A FORWARD (-j|-g) (DROP|REJECT)\b/.test(each)
  ) ?? filter.find((each) => each === "-P FORWARD DROP");
}

/** Whether somebody has typed the remedy already, in Docker's chain or in this. */
function accepts(filter: string[], rule: string): boolean {
  return filter.some((each) =>
    each === `-A FORWARD ${rule}` || each === `-A DOCKER-USER ${rule}`
  );
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
