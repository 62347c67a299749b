/** What was done to the packet between two places where it was seen. */

import { run } from "../command.ts";
import { type Link, link } from "../snapshot.ts";
import type { Hit } from "./counted.ts";
import type { Seen } from "./follow.ts";
import { called, inside, type Place } from "./places.ts";
import { ask, type World } from "./world.ts";

/** Something that was done to the packet. */
export interface Deed {
  /** The namespace whose kernel did it. */
  place: Place;
  /** In one word. */
  what:
    | "routed"
    | "forwarded"
    | "switched"
    | "flooded"
    | "kept"
    | "rewritten"
    | "translated back"
    | "answered"
    | "complained";
  /** In a sentence. */
  sentence: string;
  /** The route, the rule or the table's entry behind it, verbatim. */
  because?: string;
}

/** What the deeds are told from. */
export interface Facts {
  /** The namespaces, as they were before. */
  world: World;
  /** All places where the packet was seen. */
  seen: Seen[];
  /** Rules that were hit meanwhile, by namespace. */
  hits: Map<Place, Hit[]>;
}

/** The interface of a sighting, as its namespace described it before. */
export function linkOf({ before }: World, { place, link: name }: {
  place: Place;
  link: string;
}): Link | undefined {
  const netns = before.get(place)?.netns;
  return netns &&
    link({ machine: netns, named: [], rules: {} }, name);
}

/** Seen where it was of no use: a flood brought it to a wrong station. */
export function isAside(world: World, seen: Seen): boolean {
  return seen.otherhost && linkOf(world, seen)?.master === undefined;
}

/** Where the packet was seen just before, on its way to this place. */
export function predecessor(
  { world, seen }: Facts,
  at: Seen,
): Seen | undefined {
  const earlier = seen.slice(0, seen.indexOf(at)).reverse()
    .filter((each) => each.role === at.role && !isAside(world, each));
  const here = earlier.filter(({ place }) => place === at.place);
  const master = linkOf(world, at)?.master;
  if (at.direction === "in") {
    return here.find((each) => linkOf(world, each)?.master === at.link) ??
      earlier.find(({ direction }) => direction === "out");
  }
  return here.find((each) =>
    each.direction === "in" ||
    (master !== undefined && each.link === master)
  );
}

/** What was done to bring the packet to this place; often nothing at all. */
export async function deedsBefore(facts: Facts, at: Seen): Promise<Deed[]> {
  const before = predecessor(facts, at);
  const { world } = facts;
  const { place } = at;
  if (at.direction === "in") {
    if (linkOf(world, at)?.kind !== "bridge" || before?.place !== place) {
      return [];
    }
    const sentence =
      `${at.link} keeps it: ${at.dstMac} is an address of its own`;
    return [{ place, what: "kept", sentence }];
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
async function sentBy({ world }: Facts, at: Seen): Promise<Deed[]> {
  const { place, role } = at;
  const who = called(place.name);
  if (role === "complaint") {
    const sentence = `${who} complains: ${complaint(at)}`;
    return [{ place, what: "complained", sentence }];
  }
  const deeds: Deed[] = role === "reply"
    ? [{ place, what: "answered", sentence: `${who} answers` }]
    : [];
  const because = await route(world, place, at.dst);
  return [...deeds, {
    place,
    what: "routed",
    sentence: `${who} looks up its route to ${at.dst}`,
    because,
  }];
}

async function switched(
  { world, seen }: Facts,
  at: Seen,
  before: Seen,
  bridge: string,
): Promise<Deed[]> {
  const { place, dstMac } = at;
  const fdb = await inside(
    world.places,
    place,
    () => run(["bridge", "fdb", "show", "br", bridge]),
  );
  const entry = fdb.stdout.split("\n").find((line) =>
    line.startsWith(`${dstMac} dev ${at.link} `)
  )?.trim();
  if (entry) {
    const how = / (static|permanent)/.test(entry) ? "was told of" : "learned";
    const sentence =
      `${bridge} switches it to ${at.link}, where it ${how} ${dstMac}`;
    return [{ place, what: "switched", sentence, because: entry }];
  }
  const ports = seen.filter((each) =>
    each.place === place && each.direction === "out" &&
    each.role === at.role && each.srcMac === before.srcMac &&
    linkOf(world, each)?.master === bridge
  );
  if (ports[0] !== at) return []; // Said at the first of them.
  const sentence = `${bridge} does not know ${dstMac}: it floods it to ${
    ports.map(({ link }) => link).join(", ")
  }`;
  return [{ place, what: "flooded", sentence }];
}

async function forwarded(
  { world, hits }: Facts,
  at: Seen,
  before: Seen,
): Promise<Deed[]> {
  const { place } = at;
  const who = called(place.name);
  const rule = (targets: RegExp) =>
    hits.get(place)?.find(({ table, target }) =>
      table === "nat" && targets.test(target)
    )?.text;
  const deeds: Deed[] = [];
  const rewrite = (which: string, from: string, to: string, by: RegExp) => {
    if (from === to) return;
    const because = rule(by);
    deeds.push(
      because
        ? {
          place,
          what: "rewritten",
          sentence: `${who} rewrites the ${which}: ${from} becomes ${to}`,
          because,
        }
        : {
          place,
          what: "translated back",
          sentence: `conntrack knows this conversation: ${which} ${from} ` +
            `becomes ${to}`,
        },
    );
  };
  rewrite("destination", before.dst, at.dst, /^(DNAT|REDIRECT|NETMAP)$/);
  const because = await route(
    world,
    place,
    `${at.dst} from ${before.src} iif ${before.link}`,
  );
  deeds.push({
    place,
    what: "forwarded",
    sentence: `${who} forwards it: TTL ${before.ttl} becomes ${at.ttl}`,
    because,
  });
  rewrite("source", before.src, at.src, /^(MASQUERADE|SNAT|NETMAP)$/);
  return deeds;
}

/** The route that the kernel takes for these words of `ip route get`. */
async function route(
  world: World,
  place: Place,
  words: string,
): Promise<string | undefined> {
  const { code, shows } = await ask(
    world,
    place,
    `ip route get fibmatch ${words}`,
  );
  return code === 0 ? shows.split("\n")[0] : undefined;
}

/** What an ICMP error says, see the registry of ICMP types at iana.org. */
function complaint({ payload: [type, code] }: Seen): string {
  if (type === 11) return "time to live exceeded";
  if (type === 5) return "redirect, there is a shorter way";
  if (type !== 3) return `ICMP type ${type}, code ${code}`;
  const codes: Record<number, string> = {
    0: "network unreachable",
    1: "host unreachable",
    2: "protocol unreachable",
    3: "port unreachable",
    9: "network prohibited",
    10: "host prohibited",
    13: "prohibited by a firewall",
  };
  return codes[code] ?? `unreachable, code ${code}`;
}
