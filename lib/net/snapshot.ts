/**
 * The kernel's state, read and never guessed: what figures, checks and
 * verdicts are made from. Fields that we do not know are left alone, fields
 * that an older iproute2 does not print are simply absent.
 */

import { Problem } from "../cli/problem.ts";
import {
  emptyNamespace,
  type Link,
  linkOf,
  mainRoutes,
  type Namespace,
} from "./namespace.ts";
import { namesBehind, type Wanted } from "./behind_cables.ts";
import { type Namespaces, readNamespaces } from "./read_namespaces.ts";
import { otherEnd } from "./segment.ts";
import { readRules, type SavedRules } from "./saved_rules.ts";
import { t } from "../cli/translate.ts";

/** The machine and every named namespace in it. */
export interface Snapshot {
  /** The machine's own namespace. */
  machine: Namespace;
  /** The named ones, by name. */
  named: readonly Namespace[];
  /** The interface that holds the machine's default route. */
  uplink?: string;
  /** The machine's rules. */
  rules: SavedRules;
}

/**
 * Reads the state of the machine that we are on, in about 10 ms. Throws a
 * {@linkcode Problem} if the machine's own namespace or its rules cannot be
 * read; of any other namespace that is told in its `unreadable`.
 *
 * @param processes also reads the namespaces of these, each a process id by
 * the name that its namespace gets. That takes root.
 * @param only of the named namespaces reads only these: each takes two
 * milliseconds.
 */
export async function takeSnapshot(
  processes: Record<string, number> = {},
  only?: Wanted,
): Promise<Snapshot> {
  const unnamed = Object.entries(processes).map(([label, pid]) => ({
    label,
    enter: ["nsenter", `--net=/proc/${pid}/ns/net`],
  }));
  const [{ machine, others }, rules] = await Promise.all([
    readWanted(unnamed, only),
    readRules(),
  ]);
  if (machine.unreadable) {
    throw new Problem(
      t`Cannot read this machine's network: ${machine.unreadable}.`,
    );
  }
  return { machine, named: others, uplink: uplinkOf(machine), rules };
}

async function readWanted(
  unnamed: { label: string; enter: string[] }[],
  only?: Wanted,
): Promise<Namespaces> {
  const read = (only?: readonly string[]) => readNamespaces({ unnamed, only });
  const seen = await read(only?.names);
  const behind = only ? await namesBehind(only.cables, seen) : [];
  // All at one time, lest a cable's end be seen twice, or not at all.
  return only && behind.length ? await read([...only.names, ...behind]) : seen;
}

/** The interface that holds a namespace's default route. */
export function uplinkOf(namespace: Namespace): string | undefined {
  return mainRoutes(namespace).find(({ to }) => to === "default")?.dev;
}

/** The state of a machine that does not exist yet. */
export function emptySnapshot(): Snapshot {
  return { machine: emptyNamespace(""), named: [], rules: {} };
}

/** The namespace of this name; undefined if there is none. "" is the machine's. */
export function namespace(
  snapshot: Snapshot,
  name = "",
): Namespace | undefined {
  return name === ""
    ? snapshot.machine
    : snapshot.named.find((netns) => netns.name === name);
}

/** A link by name in a namespace; undefined if there is none. */
export function link(
  snapshot: Snapshot,
  name: string,
  netns = "",
): Link | undefined {
  const place = namespace(snapshot, netns);
  return place && linkOf(place, name);
}

/** The other end of a veth pair and the namespace that it is in. */
export function peer(
  snapshot: Snapshot,
  end: Link,
  netns: Namespace,
): { link: Link; netns: Namespace } | undefined {
  const far = otherEnd(
    { namespaces: [snapshot.machine, ...snapshot.named] },
    { namespace: netns, link: end },
  );
  return far && { link: far.link, netns: far.namespace };
}
