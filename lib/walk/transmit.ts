/** A packet out of a namespace's interface, to a neighbour. */

import { type End, otherEnd } from "../net/segment.ts";
import { carry } from "./cable.ts";
import type { Arrival } from "./frame.ts";
import { passIp } from "./hooks.ts";
import { resolve } from "./neighbour.ts";
import { type Ended, ended, type Traveller } from "./traveller.ts";

/** What became of it: where it arrived, and the ways that ended. */
export interface Transmitted {
  /** Where it came to. */
  arrivals: Arrival[];
  /** The ways that ended. */
  over: Ended[];
}

/**
 * Takes a packet past POSTROUTING, asks for the neighbour's MAC address, and
 * puts the frame on the wire.
 */
export async function transmit(
  traveller: Traveller,
  out: End,
  next: string,
  iif?: string,
): Promise<Transmitted> {
  const { namespace, link } = out;
  const all: Transmitted = { arrivals: [], over: [] };
  // The kernel may tell of a light a second late: only the other end itself can
  // be believed, where it is seen.
  const far = otherEnd(traveller.network, out)?.link;
  if (!link.up || far && !far.up) {
    all.over.push(
      ended(traveller, {
        end: "dropped",
        reason: "link-down",
        namespace,
        link: link.name,
      }),
    );
    return all;
  }
  if (traveller.length > link.mtu && traveller.dontFragment) {
    all.over.push(
      ended(traveller, {
        end: "dropped",
        reason: "too-big",
        namespace,
        link: link.name,
      }),
    );
    return all;
  }
  const hooked = await passIp(
    traveller,
    namespace,
    "postrouting",
    { iif, oif: link.name },
    link.addresses[0]?.local,
  );
  all.over.push(...hooked.over);
  for (const each of hooked.on) {
    const { answers, silence } = await resolve(each, out, next);
    if (answers.length === 0) {
      all.over.push(silence[0]);
      continue;
    }
    for (const { traveller, mac } of answers) {
      const frame = { src: link.mac, dst: mac };
      const { arrivals, lost } = await carry(traveller, frame, out);
      all.arrivals.push(...arrivals);
      // A flood comes to many, and one of them is meant. But where it cannot be
      // told which way a rule lets it go, each way counts.
      const others = lost.filter((leg) =>
        arrivals.every(({ traveller }) => isOtherWay(leg, traveller))
      );
      if (others.length > 0 || arrivals.length === 0) {
        all.over.push(mostTelling(others, traveller, out));
      }
    }
  }
  return all;
}

/** Whether two ways part at a rule of which nobody can tell whether it matches. */
function isOtherWay(one: Undecided, other: Undecided): boolean {
  return one.ifMatching.some((rule) => other.ifNot.includes(rule)) ||
    one.ifNot.some((rule) => other.ifMatching.includes(rule));
}

type Undecided = Pick<Traveller, "ifMatching" | "ifNot">;

/** Of the copies of a frame, the one that came nearest to a station. */
function mostTelling(lost: Ended[], traveller: Traveller, at: End): Ended {
  const telling = lost.filter(({ outcome }) =>
    outcome.end !== "dropped" || outcome.reason !== "wrong-mac"
  );
  return telling[0] ?? lost[0] ?? ended(traveller, {
    end: "dropped",
    reason: "unplugged",
    namespace: at.namespace,
    link: at.link.name,
  });
}
