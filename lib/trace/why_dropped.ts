/** Why a packet died: the walk that fits what was seen, in the doctor's words. */

import { shell } from "../cli/shell.ts";
import { t } from "../cli/translate.ts";
import type { Stage } from "../course/stage.ts";
import { say } from "../doctor/causes.ts";
import type { Finding } from "../doctor/diagnosis.ts";
import { explainTrips } from "../doctor/explain_trips.ts";
import type { Means } from "../doctor/means.ts";
import type { Flow, Leg, Outcome, RoundTrip } from "../walk/flow.ts";
import { type Cause, kindOf } from "./cause_kinds.ts";
import { CountedRules } from "./counted_rules.ts";
import { risenCounters } from "./counters.ts";
import type { FullEvidence } from "./evidence.ts";
import { wayThatFits } from "./way_that_fits.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import { expectedAfter, lastSighting } from "./last_sighting.ts";
import type { ArpExchange, Sighting } from "./sighting.ts";
import { ask, type Evidence, handleOf, stateOf, type World } from "./world.ts";

/** What the doctor calls a packet that is no plain ping. */
function meansOf(
  { protocol, dport, length, dontFragment }: Flow,
): Means | undefined {
  if (protocol !== "icmp") {
    return dport === undefined ? undefined : { kind: protocol, port: dport };
  }
  return dontFragment && length ? { kind: "large", length } : undefined;
}

/** Finds the cause of a death. */
export async function explainDrop(
  facts: FullEvidence,
  stages: readonly Stage[],
): Promise<Cause> {
  const { from, to, sent, probe } = facts;
  const lastSeen = lastSighting(facts);
  const leg = lastSeen?.role === "reply" ? "reply" : "request";
  const { world, ours, trips: fitting } = await wayThatFits(facts, lastSeen);
  const counts = new CountedRules(ours);
  const trips = await counts.decide(fitting);
  const { cause } = await explainTrips(ours, {
    from: stateOf(world, from),
    to,
    trips,
    means: meansOf(probe.flow),
    isPing: probe.protocol === 1 && !probe.flow.dontFragment,
    verdict: lastSeen ? "no-reply" : "unreachable",
    words: sent.words,
    command: probe.what.replace(/^\$ /, ""),
  }, stages);
  const lost = lostLeg(trips);
  const outcome = lost?.leg.outcome;
  return {
    kind: kindOf(lost?.role ?? leg, outcome, cause?.code),
    leg,
    lastSeen,
    expected: expectedAfter(facts, lastSeen),
    code: cause?.code,
    sentence: cause
      ? say(cause.code, "cause", cause.params)
      : t`Nothing that could be read explains it.`,
    evidence: [
      ...cause ? await shown(counts, cause, outcome) : [],
      ...lastSeen ? [] : await refused(facts, cause),
      ...await seenBeyond(facts, lastSeen),
      ...counted(facts, handleAt(world, outcome), outcome),
    ],
    fix: cause && !cause.stage ? cause.fix : [],
    noFix: cause?.noFix,
    look: cause?.look ?? [],
    stage: cause?.stage,
    exchange: unanswered(facts, lost?.leg),
  };
}

/** What gets lost by the walk: the question, or its answer. */
function lostLeg(
  [first]: readonly RoundTrip[],
): { role: "request" | "reply"; leg: Leg } | undefined {
  if (!first) return undefined;
  const { request, reply } = first;
  return reply
    ? { role: "reply", leg: reply }
    : { role: "request", leg: request };
}

/** The doctor's evidence, and what the rule that dropped the packet has counted. */
async function shown(
  counts: CountedRules,
  { evidence }: Finding,
  outcome: Outcome | undefined,
): Promise<Evidence[]> {
  const all = evidence.map(({ command, line }) => ({
    command,
    shows: line || t`(nothing)`,
  }));
  const by = outcome?.end === "dropped" ? outcome.by : undefined;
  if (!by || outcome?.end !== "dropped" || !all[0]) return all;
  const rise = await counts.riseOf(outcome.namespace, by.chain, by.rule);
  if (!rise) return all;
  const counted = t`packets: ${rise.before} before, ${rise.after} after`;
  return [{ ...all[0], shows: `${all[0].shows}\n${counted}` }, ...all.slice(1)];
}

/** The kernel's own words, where it did not even send. */
async function refused(
  { world, from, to, source }: FullEvidence,
  cause: Finding | undefined,
): Promise<Evidence[]> {
  const line = shell`ip route get ${to} ${source ? ["from", source] : []}`;
  const { code, command, shows } = await ask(world, from, line);
  const isSaid = cause?.evidence.some((each) => each.command === command);
  return code === 0 || isSaid ? [] : [{ command, shows }];
}

/** Out there, where only a sandbox lets us look: whether it can be answered. */
async function seenBeyond(
  { world, foretold: { ours } }: FullEvidence,
  last: Sighting | undefined,
): Promise<Evidence[]> {
  if (!last || ours.namespaces.includes(stateOf(world, last.namespace))) {
    return [];
  }
  const line = shell`ip route get ${last.src} from ${last.dst}`;
  const { command, shows } = await ask(world, last.namespace, line);
  return [{ command, shows }];
}

/** Where a way ends. */
function handleAt(
  world: World,
  outcome: Outcome | undefined,
): NamespaceHandle | undefined {
  return outcome?.end === "dropped"
    ? handleOf(world, outcome.namespace)
    : undefined;
}

/** What the kernel itself counted of it. */
function counted(
  { world }: FullEvidence,
  handle: NamespaceHandle | undefined,
  outcome: Outcome | undefined,
): Evidence[] {
  if (!handle || outcome?.end !== "dropped") return [];
  switch (outcome.reason) {
    case "forwarding-off":
      return risenCounters(world, handle, "Ip.InAddrErrors");
    case "reverse-path":
      return risenCounters(world, handle, "TcpExt.IPReversePathFilter");
    default:
      return [];
  }
}

/** The question by ARP that the packet waited for in vain. */
function unanswered(
  { exchanges, foretold: { world } }: FullEvidence,
  leg: Leg | undefined,
): ArpExchange | undefined {
  const step = leg?.steps.findLast(({ kind }) =>
    kind === "sent" || kind === "forwarded"
  );
  if (step?.kind !== "sent" && step?.kind !== "forwarded") return undefined;
  const { at, next } = step;
  return exchanges.find(({ askedIp, question: [asked], answers }) =>
    askedIp === next && asked?.direction === "out" &&
    stateOf(world, asked.namespace).name === at.namespace.name &&
    !answers.some((each) =>
      each.namespace === asked.namespace && each.link === asked.link &&
      each.direction === "in"
    )
  );
}
