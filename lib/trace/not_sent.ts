/** The packet was not seen anywhere: its own kernel did not send it. */

import { shell } from "../cli/shell.ts";
import type { DropReason } from "./cause_kinds.ts";
import { dropped } from "./firewall_drop.ts";
import { called } from "./namespaces.ts";
import type { FullEvidence } from "./evidence.ts";
import { unanswered, whyUnanswered } from "./unanswered.ts";
import { brokenCable, endAt, isDown } from "./cables.ts";
import { ask } from "./world.ts";
import { t } from "../cli/translate.ts";

/** Finds out why. */
export async function whyNotSent(facts: FullEvidence): Promise<DropReason> {
  const { world, from, to, exchanges, sent, source } = facts;
  const who = called(from.name);
  const expected = t`the packet leaves ${who} by an interface`;
  const route = await ask(
    world,
    from,
    shell`ip route get ${to} ${source ? ["from", source] : []}`,
  );
  const netns = world.before.get(from)?.netns;
  if (route.code !== 0) {
    const table = await ask(world, from, "ip route show");
    const others = netns?.links.filter(({ name }) => name !== "lo") ?? [];
    const down = others.find(({ up }) => !up);
    const bare = others.find(({ addresses }) =>
      !addresses.some((each) => each.includes("."))
    );
    const detail = down
      ? t`: ${down.name} is down`
      : bare
      ? t`: ${bare.name} has no address`
      : "";
    const why = others.length === 0
      ? t`${who} has no interface but lo.`
      : netns?.routes.length === 0
      ? t`Its table of routes is empty${detail}.`
      : t`It has no default route, and no other that fits.`;
    return {
      kind: "no-route",
      expected,
      sentence: t`${who} has no route to ${to}. ${why}`,
      evidence: [route, table],
    };
  }
  const drop = await dropped(facts, from, {
    hooks: ["output", "postrouting"],
    src: source ?? route.shows.match(/ src (\S+)/)?.[1] ?? "",
    dst: to,
    out: route.shows.match(/ dev (\S+)/)?.[1],
  });
  if (drop) return { expected, ...drop };
  const exchange = unanswered(exchanges, from);
  if (exchange) return { expected, ...await whyUnanswered(world, exchange) };
  const link = endAt(world, from, route.shows.match(/ dev (\S+)/)?.[1] ?? "");
  if (link) {
    const broken = link.link.up
      ? await brokenCable(world, link)
      : await isDown(world, link);
    if (broken) return { expected, ...broken };
  }
  return {
    kind: "unknown",
    expected,
    sentence: t`${who} has a route to ${to} and yet sent nothing${
      sent.words ? `: ${sent.words}` : ""
    }.`,
    evidence: [route],
  };
}
