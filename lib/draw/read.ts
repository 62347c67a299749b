/** Reads all that a figure of the machine shows, from within it. */

import { atATime } from "../cli/at_a_time.ts";
import type { Chain } from "../net/firewall/ruleset.ts";
import { findTools, readFirewall, tryRun } from "../net/firewall/read.ts";
import { type Namespace, quickIp } from "../net/namespace.ts";
import { type Snapshot, takeSnapshot } from "../net/snapshot.ts";
import { unnamedNamespaces } from "../net/unnamed.ts";
import type { Numbers } from "./peers.ts";

/** What was read. */
export interface Seen {
  /** All namespaces, those of containers and processes too. */
  snapshot: Snapshot;
  /** The chains of each one's firewalls, by its name. */
  firewalls: Record<string, Chain[]>;
  /** What each calls the others by. */
  numbers: Numbers;
}

/** Reads the machine, all namespaces in it, and their firewalls. */
export async function readSeen(): Promise<Seen> {
  const unnamed = await unnamedNamespaces();
  const processes = unnamed.map(({ label, enter }) =>
    [label, Number(enter.join(" ").match(/--target=(\d+)/)?.[1])] as const
  );
  const [snapshot, tools] = await Promise.all([
    takeSnapshot(Object.fromEntries(processes)),
    findTools(),
  ]);
  const all = [snapshot.machine, ...snapshot.named];
  const read = await atATime(all, async (each) => ({
    name: each.name,
    // One that only has lo filters nothing that a figure could show.
    chains: each.links.some(({ name }) => name !== "lo")
      ? (await readFirewall(each, tools)).chains
      : [],
    numbers: await numbersIn(each),
  }));
  return {
    snapshot,
    firewalls: Object.fromEntries(
      read.map(({ name, chains }) => [name, chains]),
    ),
    numbers: Object.fromEntries(
      read.map(({ name, numbers }) => [name, numbers]),
    ),
  };
}

/** The names of the namespaces that one knows by a number. */
async function numbersIn(each: Namespace): Promise<Record<number, string>> {
  const asked = [...quickIp(each), "-j", "netns", "list-id"];
  const told = await tryRun(asked);
  try {
    const list: { nsid: number; name?: string }[] = JSON.parse(
      told?.stdout || "[]",
    );
    return Object.fromEntries(
      list.flatMap(({ nsid, name }) => name ? [[nsid, name]] : []),
    );
  } catch {
    // What it does not tell, cables may.
    return {};
  }
}
