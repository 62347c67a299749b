/** What a walk came past, for the list of what was looked at and found in order. */

import { t } from "../cli/translate.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Leg } from "../walk/flow.ts";
import { crossingsOf } from "./crossings.ts";
import type { Path } from "./path.ts";

/** Puts down what was looked at. */
export async function noteWhatWasSeen(path: Path, leg: Leg): Promise<void> {
  const crossings = crossingsOf(leg);
  const namespaces = new Set<Namespace>();
  for (const { from, to } of crossings) {
    namespaces.add(from.namespace);
    if (to) namespaces.add(to.namespace);
    if (!to) continue;
    path.saw(
      "link",
      t`${from.link.name} to ${to.link.name}${
        to.namespace === from.namespace ? "" : ` of ${to.namespace.label}`
      }`,
    );
  }
  for (const step of leg.steps) {
    if (step.kind === "sent") {
      path.saw("address", `${step.at.namespace.label} ${step.src}`);
      if (step.next !== path.question.to) {
        path.saw("route", `${step.at.namespace.label} via ${step.next}`);
      }
    } else if (step.kind === "forwarded") {
      const { namespace, link } = step.at;
      path.saw(
        "forwarding",
        t`${namespace.label}: ${step.from.link.name} to ${link.name}`,
      );
      path.saw("route", t`${namespace.label} via ${step.next} on ${link.name}`);
    }
  }
  for (const namespace of namespaces) {
    const { chains, unread } = await path.network.firewall(namespace);
    for (const what of unread) path.notes.unchecked.add(what);
    const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
    path.saw(
      "firewall",
      rules
        ? t`${namespace.label}: ${rules} rule${rules === 1 ? "" : "s"} read`
        : t`${namespace.label}: no rules`,
    );
  }
}
