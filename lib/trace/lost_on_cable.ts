/** The packet was sent out of an interface, and not seen at the other end. */

import { shell } from "../cli/shell.ts";
import type { DropReason } from "./cause_kinds.ts";
import { whyNotSwitched } from "./not_switched.ts";
import type { Sighting } from "./sighting.ts";
import { called } from "./namespaces.ts";
import { noNat } from "./no_nat.ts";
import type { FullEvidence } from "./evidence.ts";
import { endAt, isDown, name, otherEnd } from "./cables.ts";
import { ask } from "./world.ts";
import { t } from "../cli/translate.ts";

/** Finds out why. */
export async function whyLostOnCable(
  facts: FullEvidence,
  last: Sighting,
): Promise<DropReason> {
  const { world, seen } = facts;
  const { namespace, link, role, dst } = last;
  const end = endAt(world, namespace, link);
  if (end?.link.kind === "bridge") return await whyNotSwitched(facts, last);
  const far = end && otherEnd(world, end);
  if (!far) {
    const expected = role === "request"
      ? t`the answer comes in again`
      : t`the answer arrives at ${dst}`;
    const unanswerable = role === "request" && await noNat(facts, last);
    if (unanswerable) return { expected, ...unanswerable };
    return {
      kind: "left-our-view",
      expected,
      sentence: t`It left ${
        called(namespace.name)
      } by ${link} for ${last.dstMac},
    beyond which we cannot see, and no answer came back in time.`,
      evidence: [
        await ask(world, namespace, shell`ip -brief link show dev ${link}`),
      ],
    };
  }
  const expected = t`it comes in at ${name(far)}`;
  if (!far.link.up) return { expected, ...await isDown(world, far) };
  const missed = seen.find((each) =>
    each.otherhost && each.namespace === far.namespace &&
    each.link === far.link.name
  );
  if (missed) {
    // The one who chose the address, which bridges then left as it was.
    const sender = seen.find((each) => each.dstMac === missed.dstMac) ?? last;
    return {
      kind: "wrong-mac",
      expected: t`${called(far.namespace.name)} takes it in`,
      sentence: t`The frame is for ${missed.dstMac}, but ${name(far)} has
    ${far.link.mac}: it is not for this station, which throws it away.`,
      evidence: [
        await ask(
          world,
          far.namespace,
          shell`ip -brief link show dev ${far.link.name}`,
        ),
        await ask(
          world,
          sender.namespace,
          shell`ip neigh show dev ${sender.link}`,
        ),
      ],
    };
  }
  return {
    kind: "unknown",
    expected,
    sentence: t`It left by ${link} and did not come in at the other end.`,
    evidence: [await ask(world, namespace, shell`ip -s link show dev ${link}`)],
  };
}
