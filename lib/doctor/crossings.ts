/** The segments that a walked packet crossed, read from its steps. */

import type { End } from "../net/segment.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Translation } from "../net/firewall/pass_hook.ts";
import type { Leg } from "../walk/flow.ts";

/** One segment on the way: out of an interface, to a neighbour. */
export interface Crossing {
  /** Where the packet was put on the segment. */
  from: End;
  /** The neighbour that it was handed to. */
  next: string;
  /** Where it came in; absent where it got lost on the segment. */
  to?: End;
}

/** All segments that a leg crossed, in order. */
export function crossingsOf({ steps }: Leg): Crossing[] {
  const all: Crossing[] = [];
  for (const step of steps) {
    if (step.kind === "sent" || step.kind === "forwarded") {
      all.push({ from: step.at, next: step.next });
    } else if (step.kind === "arrived") {
      const open = all.at(-1);
      if (open && !open.to) open.to = step.at;
    }
  }
  return all;
}

/** Where a hook wrote another receiver on a packet, in order. */
export function dnatsOf(
  { steps }: Leg,
): { namespace: Namespace; nat: Translation }[] {
  return steps.flatMap((step) =>
    step.kind === "hook" && step.nat?.kind === "dnat"
      ? { namespace: step.namespace, nat: step.nat }
      : []
  );
}

/** Where a leg came into the namespace in which it ended, if it came in. */
export function lastArrival({ steps }: Leg): End | undefined {
  const step = steps.findLast(({ kind }) => kind === "arrived");
  return step?.kind === "arrived" ? step.at : undefined;
}

/** The sender's address as whoever made a leg's packet wrote it. */
export function sourceOf({ steps }: Leg): string | undefined {
  const sent = steps.find(({ kind }) => kind === "sent");
  return sent?.kind === "sent" ? sent.src : undefined;
}

/** A packet that got lost, and what is known of it. */
export interface Loss {
  /** Its steps, and where it ended. */
  leg: Leg;
  /** Who sent it; absent where that is out of view. */
  from?: Namespace;
  /** Whom it was for. */
  to: string;
  /** The question's leg: the same one, or the one that it answers. */
  request: Leg;
}
