/**
 * What becomes of a packet at a hook of the kernel, held against all chains
 * there.
 *
 * Of some rules nobody can tell beforehand whether they match: a rate limit, a
 * set that could not be read. Then both is gone on with, so that what comes
 * after an undecided rule is undecided too, unless it makes no difference.
 */

import type { Packet } from "./packet.ts";
import type { Chain, Rewrite, Rule, Statement } from "./ruleset.ts";

/** One of the things that may become of a packet at a hook. */
export interface Passage {
  /** `stolen`: handed to a program, which may do anything with it. */
  end: "passes" | "dropped" | "rejected" | "stolen";
  /** What rejects tells the sender, such as `icmp-port-unreachable`. */
  with?: string;
  /** Where it ended: the rule, or the policy of a chain. */
  by?: { base: Chain; chain: Chain; rule?: Rule };
  /** How a rule of this hook rewrites its addresses. */
  nat?: Translation;
  /** Taken out of connection tracking by this rule. */
  untracked?: Rule;
  /** The rule that set its time to live. */
  aged?: Rule;
  /** The rule that wrote a mark on it. */
  marked?: Rule;
  /** The packet as it goes on. */
  packet: Packet;
  /** Rules that nobody can tell of whether they match, taken to match here. */
  ifMatching: readonly Rule[];
  /** And those taken not to. */
  ifNot: readonly Rule[];
}

/** What NAT does with the addresses of a connection's first packet. */
export interface Translation {
  /** The rule that says so. */
  rule: Rule;
  /** Which address: the sender's, or the receiver's. */
  kind: "snat" | "dnat";
  /** MASQUERADE: the address is that of the interface. */
  isMasquerade: boolean;
  /** What is written. */
  to: Rewrite;
}

/** What else is known of a packet's way past a hook. */
export interface Surroundings {
  /** The address that MASQUERADE would write. */
  masquerade?: string;
  /**
   * The address that REDIRECT would write; null where the interface has none:
   * then the kernel drops the packet.
   */
  redirect?: string | null;
  /** The connection's rules of NAT were asked before: they are not again. */
  isSettled?: boolean;
  /** How connection tracking rewrites what belongs to a known connection. */
  known?: { src?: Rewrite; dst?: Rewrite };
}

/** Where the kernel's own steps stand among the priorities of a hook. */
const TRACKING = -200;
const DESTINATION_NAT = -100;
const SOURCE_NAT = 100;

/**
 * Sends a packet through all chains of a hook, from the lowest priority to the
 * highest, see nft(8), "Base chain". Returns all that may become of it, at
 * least one; the first is what happens if no undecided rule matches.
 */
export function passHook(
  chains: readonly Chain[],
  families: readonly string[],
  hook: string,
  packet: Packet,
  around: Surroundings = {},
): Passage[] {
  const here = chains
    .filter((chain) => chain.hook === hook && families.includes(chain.family))
    .filter(({ devices }) => !devices || devices.includes(packet.iif ?? ""))
    .map((chain) => ({ chain, at: positionOf(chain, hook) }))
    // Of equals the kernel asks the one first that came last.
    .reverse()
    .sort((a, b) => a.at - b.at || a.chain.priority - b.chain.priority);
  const natAt = isForDestinations(hook) ? DESTINATION_NAT : SOURCE_NAT;
  let on: Passage[] = [{ end: "passes", packet, ifMatching: [], ifNot: [] }];
  const over: Passage[] = [];
  let isRewritten = false;
  const rewriteOnce = () => {
    if (isRewritten) return;
    isRewritten = true;
    on = on.map((each) => rewrite(each, hook, around));
  };
  for (const { chain, at } of here) {
    if (at > natAt) rewriteOnce();
    const next: Passage[] = [];
    for (const each of on) {
      const isAsked = chain.type !== "nat" ||
        each.packet.ct.state === "new" && !around.isSettled;
      const ends = !isAsked ? [each] : passBase(
        chains,
        chain,
        each,
        around,
        // What comes back by lo has been tracked where it went out.
        isForDestinations(hook) && at < TRACKING && packet.iif !== "lo",
      );
      for (const end of ends) {
        (end.end === "passes" ? next : over).push(end);
      }
    }
    on = merged(next);
  }
  rewriteOnce();
  return [...on, ...over].sort((a, b) =>
    a.ifMatching.length - b.ifMatching.length
  );
}

/** NAT has its place, whatever priority is said of its chains. */
function positionOf({ type, priority }: Chain, hook: string): number {
  if (type !== "nat") return priority;
  return isForDestinations(hook) ? DESTINATION_NAT : SOURCE_NAT;
}

const isForDestinations = (hook: string): boolean =>
  hook === "prerouting" || hook === "output";

/** As the packet is once the kernel's own NAT has had its turn. */
function rewrite(
  passage: Passage,
  hook: string,
  { known }: Surroundings,
): Passage {
  const { nat, packet } = passage;
  const isDestination = isForDestinations(hook);
  const to = nat?.to ?? (isDestination ? known?.dst : known?.src);
  if (!to) return passage;
  return {
    ...passage,
    packet: isDestination
      ? {
        ...packet,
        dst: to.address ?? packet.dst,
        dport: to.port ?? packet.dport,
      }
      : {
        ...packet,
        src: to.address ?? packet.src,
        sport: to.port ?? packet.sport,
      },
  };
}

/** A base chain, and its policy. */
function passBase(
  all: readonly Chain[],
  base: Chain,
  passage: Passage,
  around: Surroundings,
  isBeforeTracking: boolean,
): Passage[] {
  const { ct } = passage.packet;
  // What is not tracked yet is no part of any connection.
  const start = isBeforeTracking && ct.state !== "untracked"
    ? { ...passage, packet: { ...passage.packet, ct: NOT_TRACKED_YET } }
    : passage;
  const { over, on } = passChain({ all, base, around }, base, start, 0);
  const ends = [
    ...over,
    ...on.map((each): Passage =>
      base.policy === "drop"
        ? { ...each, end: "dropped", by: { base, chain: base } }
        : each
    ),
  ];
  if (start === passage) return ends;
  return ends.map((each) => ({
    ...each,
    packet: {
      ...each.packet,
      ct: each.untracked ? { ...ct, state: "untracked", nat: [] } : ct,
    },
  }));
}

const NOT_TRACKED_YET: Packet["ct"] = {
  state: "invalid",
  direction: "original",
  nat: [],
};

/** What stays the same on the way through a base chain. */
interface Ground {
  all: readonly Chain[];
  base: Chain;
  around: Surroundings;
}

/** What is over, and what goes on behind a chain. */
interface Parted {
  /** Ended, or accepted by this base chain. */
  over: Passage[];
  on: Passage[];
}

/** Chains that lead on to others may do so only so often, as in the kernel. */
const DEEPEST = 16;

function passChain(
  ground: Ground,
  chain: Chain,
  start: Passage,
  depth: number,
): Parted {
  const over: Passage[] = [];
  const back: Passage[] = [];
  let on = [start];
  for (const rule of depth <= DEEPEST ? chain.rules : []) {
    // What changes nothing need not be decided.
    if (rule.statements.every(({ does }) => does === "match")) continue;
    const next: Passage[] = [];
    for (const each of on) {
      const ends = passRule(ground, chain, rule, each, depth);
      over.push(...ends.over);
      back.push(...ends.back);
      next.push(...ends.on);
    }
    on = merged(next);
    if (on.length === 0) break;
  }
  return { over, on: merged([...on, ...back]) };
}

function passRule(
  ground: Ground,
  chain: Chain,
  rule: Rule,
  start: Passage,
  depth: number,
): Parted & { back: Passage[] } {
  const ends = {
    over: [] as Passage[],
    on: [] as Passage[],
    back: [] as Passage[],
  };
  let here = [start];
  for (const statement of rule.statements) {
    const next: Passage[] = [];
    for (const each of here) {
      if (statement.does === "match") {
        const holds = statement.test(each.packet);
        if (holds !== false) next.push(holds ? each : assume(each, rule, true));
        if (holds !== true) {
          ends.on.push(holds === false ? each : assume(each, rule, false));
        }
      } else if (statement.does === "judge") {
        const verdict = statement.verdict(each.packet);
        judge(ground, chain, rule, each, verdict, depth, ends);
      } else if (statement.does === "nat") {
        translate(ground, chain, rule, each, statement, ends);
      } else if (statement.does === "notrack") {
        next.push(untrack(each, rule));
      } else {
        next.push(change(each, rule, statement.change(each.packet)));
      }
    }
    here = next;
    if (here.length === 0) break;
  }
  ends.on.push(...here);
  return ends;
}

function judge(
  ground: Ground,
  chain: Chain,
  rule: Rule,
  passage: Passage,
  verdict: ReturnType<Extract<Statement, { does: "judge" }>["verdict"]>,
  depth: number,
  ends: Parted & { back: Passage[] },
): void {
  const by = { base: ground.base, chain, rule };
  if (verdict === undefined) {
    ends.on.push(passage);
    return;
  }
  if (verdict === "unknown") {
    ends.on.push(assume(passage, rule, false));
    const taken = assume(passage, rule, true);
    ends.over.push({ ...taken, end: "dropped", by }, taken);
    return;
  }
  switch (verdict.kind) {
    case "accept":
      ends.over.push(passage);
      break;
    case "drop":
      ends.over.push({ ...passage, end: "dropped", by });
      break;
    case "reject":
      ends.over.push({ ...passage, end: "rejected", with: verdict.with, by });
      break;
    case "queue":
      ends.over.push({ ...passage, end: "stolen", by });
      break;
    case "return":
      ends.back.push(passage);
      break;
    case "jump":
    case "goto": {
      const { table, family, backend } = chain;
      const next = ground.all.find((each) =>
        each.name === verdict.chain && each.table === table &&
        each.family === family && each.backend === backend
      );
      if (!next) {
        return judge(ground, chain, rule, passage, "unknown", depth, ends);
      }
      const parted = passChain(ground, next, passage, depth + 1);
      ends.over.push(...parted.over);
      (verdict.kind === "goto" ? ends.back : ends.on).push(...parted.on);
    }
  }
}

/** NAT ends the rules of its table: the first one that matches decides. */
function translate(
  { around, base }: Ground,
  chain: Chain,
  rule: Rule,
  passage: Passage,
  { kind, to }: Extract<Statement, { does: "nat" }>,
  ends: Parted,
): void {
  const told = to(passage.packet);
  if (!told) {
    // A map without an entry for this packet.
    ends.on.push(passage);
    return;
  }
  if (kind === "redirect" && around.redirect === null) {
    ends.over.push({ ...passage, end: "dropped", by: { base, chain, rule } });
    return;
  }
  const address = kind === "masquerade"
    ? around.masquerade
    : kind === "redirect"
    ? around.redirect ?? undefined
    : told.address;
  ends.over.push({
    ...passage,
    nat: passage.nat ?? {
      rule,
      kind: kind === "snat" || kind === "masquerade" ? "snat" : "dnat",
      isMasquerade: kind === "masquerade",
      to: { ...told, address },
    },
  });
}

/** It takes effect only on what is not tracked yet. */
function untrack(passage: Passage, rule: Rule): Passage {
  const { packet } = passage;
  if (packet.ct !== NOT_TRACKED_YET) return passage;
  return {
    ...passage,
    untracked: rule,
    packet: { ...packet, ct: { ...packet.ct, state: "untracked" } },
  };
}

function change(passage: Passage, rule: Rule, packet: Packet): Passage {
  return {
    ...passage,
    packet,
    ...packet.ttl !== passage.packet.ttl ? { aged: rule } : {},
    ...packet.mark !== passage.packet.mark ? { marked: rule } : {},
  };
}

/** Goes on as if an undecided rule matched, or as if it did not. */
function assume(passage: Passage, rule: Rule, matches: boolean): Passage {
  const key = matches ? "ifMatching" : "ifNot";
  if (passage[key].includes(rule)) return passage;
  return { ...passage, [key]: [...passage[key], rule] };
}

/** Passages that go on alike are one: then what was assumed did not matter. */
function merged(passages: Passage[]): Passage[] {
  if (passages.length < 2) return passages;
  const found: Passage[] = [];
  for (const each of passages) {
    const at = found.findIndex((other) => isAlike(each, other));
    if (at < 0) found.push(each);
    else if (each.ifMatching.length < found[at].ifMatching.length) {
      found[at] = each;
    }
  }
  return found.slice(0, MOST);
}

/** No ruleset that was seen comes near it. */
const MOST = 256;

function isAlike(a: Passage, b: Passage): boolean {
  return a.end === b.end && a.nat?.rule === b.nat?.rule &&
    a.untracked === b.untracked && a.packet.mark === b.packet.mark &&
    a.packet.ttl === b.packet.ttl && a.packet.ct.state === b.packet.ct.state &&
    a.packet.ct.mark === b.packet.ct.mark;
}
