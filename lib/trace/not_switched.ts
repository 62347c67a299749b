/** The packet came in at a port of a bridge, and went out of no other. */

import { shell } from "../cli/shell.ts";
import type { DropReason } from "./cause_kinds.ts";
import { dropped } from "./firewall_drop.ts";
import type { Sighting } from "./sighting.ts";
import { blindSpot } from "./nft.ts";
import { called } from "./namespaces.ts";
import type { FullEvidence } from "./evidence.ts";
import { endAt, isDown, isolated, linkOf, name } from "./cables.ts";
import { ask, setting } from "./world.ts";
import { t } from "../cli/translate.ts";

/** Finds out why. */
export async function whyNotSwitched(
  facts: FullEvidence,
  last: Sighting,
): Promise<DropReason> {
  const { world } = facts;
  const { namespace, link, dstMac, src, dst } = last;
  const bridgeName = linkOf(world, last)?.master ?? link;
  const bridge = endAt(world, namespace, bridgeName);
  const links = world.before.get(namespace)?.netns.links ?? [];
  const ports = links.filter(({ master }) => master === bridgeName);
  const isOwn = [bridge?.link, ...ports].some((each) => each?.mac === dstMac);
  const fdb = await ask(
    world,
    namespace,
    shell`bridge fdb show br ${bridgeName}`,
  );
  const entry = fdb.shows.split("\n").find((line) => line.startsWith(dstMac));
  const to = ports.find(({ name }) =>
    name === entry?.match(/ dev (\S+)/)?.[1] && name !== link
  );
  const expected = isOwn
    ? t`${bridgeName} takes it in`
    : t`${bridgeName} switches it to ${to?.name ?? "its other ports"}`;
  if (bridge && !bridge.link.up) {
    return { expected, ...await isDown(world, bridge) };
  }
  const asks = setting(world, namespace, "net.bridge.bridge-nf-call-iptables");
  const drop = await dropped(facts, namespace, {
    hooks: ["ingress", "prerouting", "forward", "postrouting"],
    in: bridgeName,
    out: bridgeName,
    src,
    dst,
    ports: { in: link, out: to?.name },
    ip: asks.value === "1",
  });
  if (drop) {
    const evidence = asks.value === "1" && !drop.evidence.some(({ command }) =>
        command.includes("nft list chain bridge")
      )
      ? [...drop.evidence, asks]
      : drop.evidence;
    return { expected, ...drop, evidence };
  }
  if (to && !to.up) {
    return { expected, ...await isDown(world, { namespace, link: to }) };
  }
  const state = endAt(world, namespace, link)?.link.portState;
  if (state && state !== "forwarding") {
    return {
      kind: "port-blocked",
      expected,
      sentence: t`Port ${link} of ${bridgeName} does not forward: its state
    is ${state}.`,
      evidence: [
        await ask(world, namespace, shell`bridge link show dev ${link}`),
      ],
    };
  }
  const own = endAt(world, namespace, link);
  const apart = to && own &&
    await isolated(world, own, { namespace, link: to });
  if (apart) return { expected, ...apart };
  return {
    kind: "unknown",
    expected,
    sentence:
      t`${bridge ? name(bridge) : called(namespace.name)} did not pass it ` +
      `on. ${await blindSpot()}`.trim(),
    evidence: [entry ? { ...fdb, shows: entry } : fdb],
  };
}
