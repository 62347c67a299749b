/** Packets that are too large for an interface, and may not be split. */

import { shell } from "../cli/shell.ts";
import { inside, linkOf } from "../net/namespace.ts";
import type { RoundTrip } from "../walk/flow.ts";
import type { Look } from "./notes.ts";
import type { Path } from "./path.ts";

/**
 * A router says "fragmentation needed", and that is lost itself: a black hole,
 * see {@link https://www.rfc-editor.org/rfc/rfc2923 RFC 2923}.
 */
export function complaintLost(path: Path, trip: RoundTrip): void {
  const narrow = narrowLink(path, trip);
  if (!narrow || !trip.complaint) return;
  const { outcome } = trip.complaint;
  const by = outcome.end === "dropped" ? outcome.by : undefined;
  const show = by?.rule ?? by?.chain;
  path.add("mtu-black-hole", {
    params: { ...narrow.params, from: path.question.from },
    look: [
      narrow.look,
      ...show ? [{ command: show.show, line: show.line }] : [],
    ],
    fix: by?.rule ? [by.rule.remove] : [],
  });
}

/**
 * It is heard: whoever sends the next packet knows better, and of a single one
 * that is why it died.
 */
export function complaintHeard(path: Path, trip: RoundTrip): void {
  const narrow = narrowLink(path, trip);
  if (!narrow || trip.complaint?.outcome.end !== "delivered") return;
  path.add("packet-too-large", narrow);
}

/** The interface that a router complains about. */
function narrowLink(
  { question: { means } }: Path,
  { request: { outcome } }: RoundTrip,
): { params: Record<string, string>; look: Look } | undefined {
  if (outcome.end !== "dropped" || outcome.reason !== "too-big") return;
  const { namespace } = outcome;
  const link = linkOf(namespace, outcome.link);
  if (!link || means?.kind !== "large") return;
  return {
    params: {
      who: namespace.label,
      dev: link.name,
      mtu: `${link.mtu}`,
      size: `${means.length}`,
    },
    look: {
      command: inside(namespace, shell`ip link show dev ${link.name}`),
      line: "mtu",
    },
  };
}
