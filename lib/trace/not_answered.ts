/**
 * The packet came in at a host, and nothing came out: neither the answer, nor
 * the packet itself at the next interface.
 */

import { shell } from "../cli/shell.ts";
import type { DropReason, Finding } from "./cause_kinds.ts";
import { whyNotForwarded } from "./not_forwarded.ts";
import { dropped } from "./firewall_drop.ts";
import type { Sighting } from "./sighting.ts";
import { neighbourUnresolved } from "./neighbour_unresolved.ts";
import { noNat } from "./no_nat.ts";
import { called } from "./namespaces.ts";
import { reversePath } from "./reverse_path.ts";
import type { FullEvidence } from "./evidence.ts";
import { translated } from "./real_destination.ts";
import { ask, setting } from "./world.ts";
import { t } from "../cli/translate.ts";

/** Finds out why. */
export async function whyNotAnswered(
  facts: FullEvidence,
  at: Sighting,
): Promise<DropReason> {
  const { world, seen } = facts;
  const last = { ...at, dst: translated(facts, at) };
  const { namespace, dst } = last;
  const own = await ask(world, namespace, shell`ip route get ${dst}`);
  const isHere = own.code === 0 && own.shows.startsWith("local ");
  if (!isHere) return await whyNotForwarded(facts, last);
  const expected = last.role === "request"
    ? t`${called(namespace.name)} answers ${last.src}`
    : t`the answer reaches the one who asked`;
  const route = await ask(
    world,
    namespace,
    shell`ip route get ${last.src} from ${dst}`,
  );
  const found = await dropped(facts, namespace, {
    hooks: ["ingress", "prerouting", "input"],
    in: last.link,
    ...{ src: last.src, dst },
  }) ??
    await reversePath(facts, last) ??
    (last.role === "request" ? await noAnswer(facts, last, route) : undefined);
  if (found) return { expected, ...found };
  const complained = seen.some(({ role }) => role === "complaint");
  return {
    kind: "ignored",
    expected,
    sentence: t`It arrived, and ${called(namespace.name)} did not answer${
      complained ? " but complain" : ""
    }.`,
    evidence: [own, route],
  };
}

async function noAnswer(
  facts: FullEvidence,
  last: Sighting,
  route: Awaited<ReturnType<typeof ask>>,
): Promise<Finding | undefined> {
  const { world } = facts;
  const { namespace, src, dst } = last;
  if (route.code !== 0) {
    const unanswerable = await noNat(facts, last, [route]);
    if (unanswerable) return unanswerable;
    return {
      kind: "no-way-back",
      sentence: t`${called(namespace.name)} has no route back to ${src}.`,
      evidence: [route],
    };
  }
  const ignores = setting(world, namespace, "net.ipv4.icmp_echo_ignore_all");
  if (ignores.value === "1") {
    return {
      kind: "ignored",
      sentence: t`${called(namespace.name)} is told to answer no ping.`,
      evidence: [ignores],
    };
  }
  return await dropped(facts, namespace, {
    ...{ hooks: ["output", "postrouting"], src: dst, dst: src },
    out: route.shows.match(/ dev (\S+)/)?.[1],
  }) ?? await neighbourUnresolved(facts, namespace, route.shows);
}
