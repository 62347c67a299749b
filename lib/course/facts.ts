/** Facts held against a snapshot. */

import {
  addressTexts,
  forwards,
  mainRoutes,
  type Namespace,
} from "../net/namespace.ts";
import { link, namespace, peer, type Snapshot } from "../net/snapshot.ts";
import { Problem } from "../cli/problem.ts";
import type { Fact, Stage } from "./stage.ts";
import { t } from "../cli/translate.ts";

/**
 * Whether the kernel's state holds this fact. Throws a {@linkcode Problem} if
 * that depends on a namespace which could not be read.
 */
export function holds(fact: Fact, snapshot: Snapshot): boolean {
  if ("netns" in fact) {
    const netns = namespace(snapshot, fact.netns);
    checkReadable(netns);
    return netns !== undefined && !netns.unreadable;
  }
  if ("in" in fact) checkReadable(namespace(snapshot, fact.in));
  if ("forwarding" in fact) return forwards(snapshot.machine);
  if ("rule" in fact) {
    return snapshot.rules[fact.table]?.includes(fact.rule) ?? false;
  }
  if ("route" in fact) {
    const netns = namespace(snapshot, fact.in);
    return netns !== undefined &&
      mainRoutes(netns).some((route) =>
        route.to === fact.route && route.via === fact.via
      );
  }
  if ("peer" in fact) return isPair(fact.link, fact.peer, snapshot);
  const found = link(snapshot, fact.link, "in" in fact ? fact.in : "");
  if (!found) return false;
  if ("kind" in fact) return found.kind === fact.kind;
  if ("master" in fact) return found.master === fact.master;
  if ("up" in fact) return found.up;
  if ("address" in fact) return addressTexts(found).includes(fact.address);
  return true;
}

function isPair(name: string, peerName: string, snapshot: Snapshot): boolean {
  for (const netns of [snapshot.machine, ...snapshot.named]) {
    const end = netns.links.find((link) => link.name === name);
    if (end && peer(snapshot, end, netns)?.link.name === peerName) return true;
  }
  // An end may be in one that was not seen.
  snapshot.named.forEach(checkReadable);
  return false;
}

/** A name without a namespace is known to hold nothing. */
function checkReadable(netns?: Namespace) {
  if (!netns?.unreadable || netns.isNameOnly) return;
  throw new Problem(
    t`Cannot read namespace ${netns.name}: ${netns.unreadable}.`,
  );
}

/** A fact as a short sentence. */
export function describe(fact: Fact): string {
  const where = "in" in fact && fact.in ? t` in ${fact.in}` : "";
  if ("netns" in fact) return t`namespace ${fact.netns} exists`;
  if ("forwarding" in fact) return t`the PC forwards packets`;
  if ("rule" in fact) return `table ${fact.table} holds \`${fact.rule}\``;
  if ("route" in fact) return t`route ${fact.route} via ${fact.via}${where}`;
  if ("peer" in fact) return t`veth pair ${fact.link} - ${fact.peer}`;
  if ("kind" in fact) return t`${fact.kind} ${fact.link} exists`;
  if ("master" in fact) return t`${fact.link} is a port of ${fact.master}`;
  if ("up" in fact) return t`${fact.link}${where} is up`;
  if ("address" in fact) return t`${fact.link}${where} has ${fact.address}`;
  return t`${fact.link} is${where}`;
}

/** How far a lab is: for each stage, whether all its facts hold. */
export interface Progress {
  /** In the order of the stages. */
  inPlace: boolean[];
  /** How many stages from the first on are in place without a gap. */
  level: number;
  /** Whether anything of a stage beyond the level is there already. */
  beyond: boolean;
}

/** Holds every stage against a snapshot. */
export function progress(
  stages: readonly Stage[],
  snapshot: Snapshot,
): Progress {
  const held = stages.map((stage) =>
    stage.facts.map((fact) => holds(fact, snapshot))
  );
  const inPlace = held.map((facts) => facts.every(Boolean));
  const gap = inPlace.indexOf(false);
  const level = gap < 0 ? stages.length : gap;
  // A machine may have been a router before: that alone changes no verdict.
  const beyond = stages.slice(level).some(({ facts }) =>
    facts.some((fact) => !("forwarding" in fact) && holds(fact, snapshot))
  );
  return { inPlace, level, beyond };
}
