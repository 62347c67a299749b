/** A packet that leaves for what we cannot see: whether it can be answered. */

import { shell } from "../cli/shell.ts";
import { inside } from "../net/namespace.ts";
import { type End, segmentOf } from "../net/segment.ts";
import type { Leg, Step } from "../walk/flow.ts";
import { underlay } from "./underlay.ts";
import { oldConversations } from "./conntrack.ts";
import { crossingsOf } from "./crossings.ts";
import { addressOnPort } from "./link_faults.ts";
import type { Path } from "./path.ts";
import { sentWrongly } from "./sender_faults.ts";
import { type Departure, natManners, sourceNat } from "./source_nat.ts";
import { t } from "../cli/translate.ts";

/**
 * Looks at how a question left by an interface behind which we see nothing.
 *
 * @returns whether whoever is out there could answer, so far as that is the
 * sender's doing.
 */
export async function explainDeparture(
  path: Path,
  leg: Leg,
  at: End,
): Promise<boolean> {
  const { question: { to, about }, notes, question } = path;
  const { namespace, link } = at;
  const crossings = crossingsOf(leg);
  const [first] = crossings;
  const last = crossings.at(-1);
  const sent = leg.steps.find(({ kind }) => kind === "sent");
  if (!first || !last || sent?.kind !== "sent") return true;
  if (about !== "internet") {
    return !await sentWrongly(path, first, to, true);
  }
  if (first === last) {
    notes.unchecked.add(
      link.kind === "veth"
        ? t`what is behind ${link.name} of ${namespace.label}: its other end is in a namespace that cannot be seen`
        : t`what is behind ${link.name} of ${namespace.label}: it leads out of this machine`,
    );
  }
  if (await sentWrongly(path, first, to, false)) return false;
  addressOnPort(path, at);
  if (!link.carrier) {
    path.add("cable-unplugged", {
      params: { dev: link.name, who: namespace.label },
      look: {
        command: inside(namespace, shell`ip link show dev ${link.name}`),
      },
    });
  }
  const lost = path.where({ isLost: true, isSure: path.walked.isSure });
  if (await underlay(lost, at, last.next)) return false;
  notes.hops.push({ end: at, next: last.next, question });
  const departure = departureOf(leg, at);
  const found = notes.count;
  await sourceNat(path, departure, sent.src, to);
  const isAnswerable = notes.count === found;
  if (departure.nat) await oldConversations(path, namespace, sent.src);
  const router = leg.steps.findLast(({ kind }) => kind === "forwarded");
  if (router?.kind === "forwarded") {
    const neighbour = neighbourOf(path, first.from);
    await natManners(path, router.from, sent.src, neighbour, link.name);
  }
  return isAnswerable;
}

type HookStep = Extract<Step, { kind: "hook" }>;

/** What the hooks of the last router did with a packet. */
function departureOf({ steps }: Leg, end: End): Departure {
  const here = steps.filter((step): step is HookStep =>
    step.kind === "hook" && step.namespace === end.namespace
  );
  const last = here.findLast(({ hook }) => hook === "postrouting");
  return {
    end,
    nat: last?.nat,
    untracked: here.find(({ untracked }) => untracked)?.untracked,
    isAskedBefore: here.some((step) =>
      step.hook === "postrouting" && step !== last
    ),
  };
}

/** Some neighbour's address, to try the rules for neighbours with. */
function neighbourOf(path: Path, end: End): string | undefined {
  return segmentOf(path.network, end).ends
    .filter(({ namespace }) =>
      namespace !== end.namespace && namespace.enter.length > 0
    )
    .flatMap(({ link }) => link.addresses)[0]?.local;
}
