/** What a router did with a packet. */

import { shell } from "../cli/shell.ts";
import type { Action } from "./evidence.ts";
import type { Facts } from "./evidence.ts";
import type { Sighting } from "./sighting.ts";
import { called } from "./namespaces.ts";
import { route } from "./route.ts";
import { ruleOfNat } from "./rule_of_nat.ts";
import { t } from "../cli/translate.ts";

/** From interface to interface, by way of a route; rewritten by NAT perhaps. */
export async function forwarded(
  facts: Facts,
  at: Sighting,
  before: Sighting,
): Promise<Action[]> {
  const { namespace } = at;
  const who = called(namespace.name);
  const isNewSrc = at.src !== before.src || at.sport !== before.sport;
  const isNewDst = at.dst !== before.dst || at.dport !== before.dport;
  const actions: Action[] = [];
  if (isNewDst) {
    actions.push(await rewritten(facts, at, before, "destination"));
  }
  const because = await route(
    facts.world,
    namespace,
    shell`${at.dst} from ${before.src} iif ${before.link}`,
  );
  actions.push({
    namespace,
    what: "forwarded",
    sentence: t`${who} forwards it: TTL ${before.ttl} becomes ${at.ttl}`,
    because,
  });
  if (isNewSrc) actions.push(await rewritten(facts, at, before, "source"));
  return actions;
}

/** By a rule, if it is the first packet; else by what conntrack remembers. */
export async function rewritten(
  { world, protocol }: Facts,
  at: Sighting,
  before: Pick<Sighting, "src" | "dst" | "sport" | "dport"> & { link?: string },
  which: "source" | "destination",
): Promise<Action> {
  const { namespace } = at;
  const isSource = which === "source";
  const [was, is] = isSource
    ? [[before.src, before.sport], [at.src, at.sport]]
    : [[before.dst, before.dport], [at.dst, at.dport]];
  // A port is told of only where it became another one.
  const [from, to] = was[1] === is[1] || was[1] === undefined
    ? [was[0], is[0]]
    : [was.join(":"), is.join(":")];
  if (at.role !== "request") {
    return {
      namespace,
      what: "translated back",
      sentence: `conntrack knows this conversation: ${which} ${from} ` +
        t`becomes ${to}`,
    };
  }
  return {
    namespace,
    what: "rewritten",
    sentence:
      t`${called(namespace.name)} rewrites the ${which}: ${from} becomes ` +
      to,
    because: await ruleOfNat(world, namespace, {
      hook: isSource ? "postrouting" : before.link ? "prerouting" : "output",
      protocol,
      // The destination is rewritten before routing, the source at the very end.
      ...isSource
        ? { oif: at.link, src: before.src, dst: at.dst, dport: at.dport }
        : {
          iif: before.link,
          src: before.src,
          dst: before.dst,
          dport: before.dport,
        },
      sport: before.sport,
    }),
  };
}
