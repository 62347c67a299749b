/** What was done to the packet between two places where it was seen. */

import type { Sighting } from "./sighting.ts";
import { forwarded, rewritten } from "./forwarded.ts";
import { called } from "./namespaces.ts";
import { predecessor } from "./predecessor.ts";
import { route } from "./route.ts";
import { switched } from "./switched.ts";
import { linkOf } from "./cables.ts";
import { t } from "../cli/translate.ts";
import type { Action, Facts } from "./evidence.ts";

/** What was done to bring the packet to this place; often nothing at all. */
export async function actionsBefore(
  facts: Facts,
  at: Sighting,
): Promise<Action[]> {
  const before = predecessor(facts, at);
  const { world } = facts;
  const { namespace } = at;
  if (at.direction === "in") {
    if (
      !linkOf(world, at)?.bridge || before?.namespace !== namespace
    ) {
      return [];
    }
    const sentence =
      t`${at.link} keeps it: ${at.dstMac} is an address of its own`;
    return [{ namespace, what: "kept", sentence }];
  }
  const bridge = linkOf(world, at)?.master;
  if (!before) return await sentBy(facts, at);
  if (
    bridge &&
    (before.link === bridge || linkOf(world, before)?.master === bridge)
  ) return await switched(facts, at, before, bridge);
  return await forwarded(facts, at, before);
}

/** The packet was made here. */
async function sentBy(facts: Facts, at: Sighting): Promise<Action[]> {
  const { world, to, sent } = facts;
  const { namespace, role } = at;
  const who = called(namespace.name);
  if (role === "complaint") {
    const sentence = t`${who} complains: ${complaint(at)}`;
    return [{ namespace, what: "complained", sentence }];
  }
  const actions: Action[] = role === "reply"
    ? [{ namespace, what: "answered", sentence: t`${who} answers` }]
    : [];
  // Of its own packets too a kernel rewrites the destination before it routes
  // them for good (OUTPUT), and the source at the very end.
  const made = role === "request"
    ? {
      ...{ src: sent.source ?? at.src, sport: at.sport },
      ...{ dst: to, dport: facts.port },
    }
    : at;
  if (made.dst !== at.dst || made.dport !== at.dport) {
    actions.push(await rewritten(facts, at, made, "destination"));
  }
  actions.push({
    namespace,
    what: "routed",
    sentence: t`${who} looks up its route to ${at.dst}`,
    because: await route(
      world,
      namespace,
      role === "request" && facts.source
        ? `${at.dst} from ${facts.source}`
        : at.dst,
    ),
  });
  if (made.src !== at.src) {
    actions.push(await rewritten(facts, at, made, "source"));
  }
  return actions;
}

/** What an ICMP error says, see the registry of ICMP types at iana.org. */
function complaint({ payload: [type, code, ...more] }: Sighting): string {
  if (type === 11) return t`time to live exceeded`;
  if (type === 5) return t`redirect, there is a shorter way`;
  if (type !== 3) return t`ICMP type ${type}, code ${code}`;
  if (code === 4) {
    const mtu = more[4] << 8 | more[5];
    return t`fragmentation needed, no more than ${mtu} bytes`;
  }
  const codes: Record<number, string> = {
    0: t`network unreachable`,
    1: t`host unreachable`,
    2: t`protocol unreachable`,
    3: t`port unreachable`,
    9: t`network prohibited`,
    10: t`host prohibited`,
    13: t`prohibited by a firewall`,
  };
  return codes[code] ?? t`unreachable, code ${code}`;
}
