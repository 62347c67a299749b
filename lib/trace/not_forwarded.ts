/** The packet came in at a router, and went out of no other interface. */

import { shell } from "../cli/shell.ts";
import type { DropReason, Finding } from "./cause_kinds.ts";
import { dropped } from "./firewall_drop.ts";
import type { Sighting } from "./sighting.ts";
import { neighbourUnresolved } from "./neighbour_unresolved.ts";
import { blindSpot } from "./nft.ts";
import { called } from "./namespaces.ts";
import { reversePath } from "./reverse_path.ts";
import { risenCounters } from "./counters.ts";
import type { FullEvidence } from "./evidence.ts";
import { ask, setting, type World } from "./world.ts";
import { t } from "../cli/translate.ts";

/** Finds out why. */
export async function whyNotForwarded(
  facts: FullEvidence,
  last: Sighting,
): Promise<DropReason> {
  const { world } = facts;
  const { namespace, link, src, dst, ttl } = last;
  const who = called(namespace.name);
  const expected = t`${who} forwards it to ${dst}`;
  const found = forwardingOff(world, last) ??
    await dropped(facts, namespace, {
      ...{ hooks: ["ingress", "prerouting"], in: link, src, dst },
    });
  if (found) return { expected, ...found };
  const route = await ask(
    world,
    namespace,
    shell`ip route get ${dst} from ${src} iif ${link}`,
  );
  const out = route.shows.match(/ dev (\S+)/)?.[1];
  if (route.code !== 0) {
    const refused = await reversePath(facts, last);
    if (refused) return { expected, ...refused };
    return {
      kind: "no-route",
      expected,
      sentence: t`${who} has no route to ${dst}.`,
      evidence: [route],
    };
  }
  const next = { expected: t`it goes out of ${who} by ${out}` };
  if (ttl <= 1) {
    return {
      kind: "ttl-exceeded",
      ...next,
      sentence: t`Its time to live was ${ttl}: ${who} may not pass it on.`,
      evidence: [],
    };
  }
  const held = await dropped(facts, namespace, {
    ...{ hooks: ["forward", "postrouting"], in: link, out, src, dst },
  }) ?? await neighbourUnresolved(facts, namespace, route.shows);
  if (held) return { ...next, ...held };
  return {
    kind: "unknown",
    ...next,
    sentence:
      t`${who} has a route for it, and yet it did not come out. ${await blindSpot()}`
        .trim(),
    evidence: [route],
  };
}

function forwardingOff(
  world: World,
  { namespace, link }: Sighting,
): Finding | undefined {
  const all = setting(world, namespace, "net.ipv4.ip_forward");
  const one = setting(
    world,
    namespace,
    `net.ipv4.conf.${link.replace(/\./g, "/")}.forwarding`,
  );
  if (one.value !== "0") return undefined;
  const refused = risenCounters(world, namespace, "Ip.InAddrErrors");
  return {
    kind: "forwarding-off",
    sentence: t`It is for somebody else, and ${called(namespace.name)} does not
    forward packets: it throws it away.`,
    evidence: [all.value === "0" ? all : one, ...refused],
  };
}
