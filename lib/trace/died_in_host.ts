/**
 * The packet came in at a host and nothing came out: neither the answer, nor
 * the packet itself at the next interface.
 */

import type { Died, Finding } from "./cause.ts";
import { dropped } from "./firewall.ts";
import type { Seen } from "./follow.ts";
import { noNat } from "./no_nat.ts";
import { called } from "./places.ts";
import { ruleFits } from "./rule_fits.ts";
import type { Evidenced } from "./trace.ts";
import { unanswered, whyUnanswered } from "./unanswered.ts";
import { brokenWire, endAt } from "./wire.ts";
import { ask, readCounters, setting } from "./world.ts";

/** Finds out why. */
export async function diedInHost(facts: Evidenced, at: Seen): Promise<Died> {
  const { world, seen } = facts;
  const last = { ...at, dst: translated(facts, at) };
  const { place, dst } = last;
  const own = await ask(world, place, `ip route get ${dst}`);
  const isHere = own.code === 0 && own.shows.startsWith("local ");
  if (!isHere) return await diedForwarding(facts, last);
  // The answer may have been stopped by the same host's next question.
  const expected = last.role === "request"
    ? `${called(place.name)} answers ${last.src}`
    : `the answer reaches the one who asked`;
  const route = await ask(world, place, `ip route get ${last.src} from ${dst}`);
  const found = await dropsHere(facts, last, ["prerouting", "input"]) ??
    await reversePath(facts, last) ??
    (last.role === "request" ? await noAnswer(facts, last, route) : undefined);
  if (found) return { expected, ...found };
  const complained = seen.some(({ role }) => role === "complaint");
  return {
    kind: "ignored",
    expected,
    sentence: `It arrived, and ${called(place.name)} did not answer${
      complained ? " but complain" : ""
    }.`,
    evidence: [own, route],
  };
}

/**
 * For whom a packet really is. Where a request's source was rewritten, conntrack
 * writes the answer's destination back before anything else; a rule of DNAT
 * does so with a request.
 */
function translated({ seen, hits, protocol }: Evidenced, at: Seen): string {
  const { place, role, link, src, dst } = at;
  if (role === "request") {
    const packet = { in: link, src, dst, protocol };
    const rule = hits.get(place)?.find((hit) =>
      hit.target === "DNAT" && ruleFits(hit, packet)
    );
    return rule?.text.match(/--to-destination ([\d.]+)/)?.[1] ?? dst;
  }
  const requests = seen.filter((each) =>
    each.place === place && each.role === "request"
  );
  const out = requests.findLast((each) =>
    each.direction === "out" && each.src === dst
  );
  const cameIn = requests.findLast(({ direction }) => direction === "in");
  return out && cameIn ? cameIn.src : dst;
}

async function noAnswer(
  facts: Evidenced,
  last: Seen,
  route: Awaited<ReturnType<typeof ask>>,
): Promise<Finding | undefined> {
  const { world, exchanges } = facts;
  const { place, src, dst } = last;
  if (route.code !== 0) {
    const unanswerable = await noNat(facts, last, [route]);
    if (unanswerable) return unanswerable;
    return {
      kind: "no-way-back",
      sentence: `${called(place.name)} has no route back to ${src}.`,
      evidence: [route],
    };
  }
  const ignores = setting(world, place, "net.ipv4.icmp_echo_ignore_all");
  if (ignores.value === "1") {
    return {
      kind: "ignored",
      sentence: `${called(place.name)} is told to answer no ping.`,
      evidence: [ignores],
    };
  }
  return await dropped(facts, place, {
    ...{ hooks: ["output", "postrouting"], src: dst, dst: src },
    out: route.shows.match(/ dev (\S+)/)?.[1],
  }) ?? await heldUp(facts, last, route.shows, exchanges);
}

/** Routed, but there is nobody to hand it to, or no cable. */
async function heldUp(
  { world }: Evidenced,
  { place }: Seen,
  route: string,
  exchanges: Evidenced["exchanges"],
): Promise<Finding | undefined> {
  const exchange = unanswered(exchanges, place);
  if (exchange) return await whyUnanswered(world, exchange);
  const end = endAt(world, place, route.match(/ dev (\S+)/)?.[1] ?? "");
  return end && await brokenWire(world, end);
}

async function diedForwarding(facts: Evidenced, last: Seen): Promise<Died> {
  const { world, exchanges } = facts;
  const { place, link, src, dst, ttl } = last;
  const who = called(place.name);
  const expected = `${who} forwards it to ${dst}`;
  const found = await forwardingOff(facts, last) ??
    await dropsHere(facts, last, ["prerouting"]);
  if (found) return { expected, ...found };
  const route = await ask(
    world,
    place,
    `ip route get ${dst} from ${src} iif ${link}`,
  );
  const out = route.shows.match(/ dev (\S+)/)?.[1];
  if (route.code !== 0) {
    const refused = await reversePath(facts, last);
    if (refused) return { expected, ...refused };
    return {
      kind: "no-route",
      expected,
      sentence: `${who} has no route to ${dst}.`,
      evidence: [route],
    };
  }
  const next = { expected: `it goes out of ${who} by ${out}` };
  if (ttl <= 1) {
    return {
      kind: "ttl-exceeded",
      ...next,
      sentence: `Its time to live was ${ttl}: ${who} may not pass it on.`,
      evidence: [],
    };
  }
  const held = await dropsHere(facts, last, ["forward", "postrouting"], out) ??
    await heldUp(facts, last, route.shows, exchanges);
  if (held) return { ...next, ...held };
  return {
    kind: "unknown",
    ...next,
    sentence: `${who} has a route for it, and yet it did not come out.`,
    evidence: [route],
  };
}

function forwardingOff(
  { world }: Evidenced,
  { place, link }: Seen,
): Finding | undefined {
  const all = setting(world, place, "net.ipv4.ip_forward");
  const one = setting(
    world,
    place,
    `net.ipv4.conf.${link.replace(/\./g, "/")}.forwarding`,
  );
  if (one.value !== "0") return undefined;
  const refused = risen({ world }, place, "Ip.InAddrErrors");
  return {
    kind: "forwarding-off",
    sentence: `It is for somebody else, and ${called(place.name)} does not ` +
      "forward packets: it throws it away.",
    evidence: [all.value === "0" ? all : one, ...refused],
  };
}

async function reversePath(
  { world }: Evidenced,
  { place, link, src, dst }: Seen,
): Promise<Finding | undefined> {
  const refused = risen({ world }, place, "TcpExt.IPReversePathFilter");
  if (refused.length === 0) return undefined;
  const back = await ask(world, place, `ip route get ${src}`);
  return {
    kind: "reverse-path",
    sentence: `It came in by ${link}, but ${called(place.name)} would not ` +
      `reach its source ${src} that way: the reverse path filter drops it.`,
    evidence: [
      back,
      setting(world, place, "net.ipv4.conf.all.rp_filter"),
      setting(
        world,
        place,
        `net.ipv4.conf.${link.replace(/\./g, "/")}.rp_filter`,
      ),
      ...refused,
      await ask(world, place, `ip route get ${dst} from ${src} iif ${link}`),
    ],
  };
}

/** A counter of the kernel that rose meanwhile, as evidence. */
function risen(
  { world }: Pick<Evidenced, "world">,
  place: Seen["place"],
  name: string,
) {
  const before = world.before.get(place)?.counters[name];
  const after = readCounters(world.places, place)[name];
  if (before === undefined || !(after > before)) return [];
  const tool = name.replace(".", "");
  return [{
    command: `${place.prefix} nstat -az ${tool}`.trim(),
    shows: `${tool} was ${before}, is ${after}`,
  }];
}

async function dropsHere(
  facts: Evidenced,
  { place, link, src, dst }: Seen,
  hooks: string[],
  out?: string,
): Promise<Finding | undefined> {
  return await dropped(facts, place, { hooks, in: link, out, src, dst });
}
