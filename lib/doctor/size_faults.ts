/** Large packets that are lost without the sender being told. */

import { shell } from "../cli/shell.ts";
import { inside, linkOf } from "../net/namespace.ts";
import type { RoundTrip } from "../walk/flow.ts";
import type { Path } from "./path.ts";

/**
 * A router says "fragmentation needed", and that is lost itself: a black hole,
 * see {@link https://www.rfc-editor.org/rfc/rfc2923 RFC 2923}.
 */
export function complaintLost(
  path: Path,
  { request: { outcome }, complaint }: RoundTrip,
): void {
  if (outcome.end !== "dropped" || !complaint) return;
  const { namespace } = outcome;
  const link = linkOf(namespace, outcome.link);
  const { means } = path.question;
  if (!link || means?.kind !== "large") return;
  const by = complaint.outcome.end === "dropped"
    ? complaint.outcome.by
    : undefined;
  const show = by?.rule ?? by?.chain;
  path.add("mtu-black-hole", {
    params: {
      who: namespace.label,
      dev: link.name,
      mtu: `${link.mtu}`,
      size: `${means.length}`,
      from: path.question.from,
    },
    look: [
      {
        command: inside(namespace, shell`ip link show dev ${link.name}`),
        line: "mtu",
      },
      ...show ? [{ command: show.show, line: show.line }] : [],
    ],
    fix: by?.rule ? [by.rule.remove] : [],
  });
}
