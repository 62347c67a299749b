/** What is known of every namespace before the packet is sent, and after. */

import { atATime } from "../cli/at_a_time.ts";
import { ownWords, type Result, run } from "../cli/command.ts";
import { shellWords } from "../cli/shell.ts";
import { type Namespace, readNamespace } from "../net/namespace.ts";
import { Network } from "../net/network.ts";
import { readCounters } from "./counters.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";

/** A command and what it shows: the evidence for a sentence. */
export interface Evidence {
  /** As one would type it. */
  command: string;
  /** What it prints, or the kernel's words if it fails. */
  shows: string;
}

/** All namespaces, as they were before the packet was sent. */
export interface World {
  /** The machine's own comes first. */
  namespaces: NamespaceHandle[];
  /** All of them as the network's model has them, also the internet's. */
  network: Network;
  /** Counters of the kernel's IP layer, such as `Ip.InAddrErrors`. */
  counters: Map<NamespaceHandle, Record<string, number>>;
}

/** Reads the state of all namespaces. */
export async function readWorld(namespaces: NamespaceHandle[]): Promise<World> {
  const [machine, ...others] = await atATime(
    namespaces,
    ({ name, prefix }) => readNamespace(name, shellWords(prefix)),
  );
  return {
    namespaces,
    network: new Network(machine, others),
    counters: new Map(
      namespaces.map((each) => [each, readCounters(namespaces, each)]),
    ),
  };
}

/** The namespace that a handle stands for, as it was read. */
export function stateOf(
  { namespaces, network }: World,
  handle: NamespaceHandle,
): Namespace {
  return network.namespaces[namespaces.indexOf(handle)];
}

/** The handle of a namespace that was read. */
export function handleOf(
  { namespaces, network }: World,
  namespace: Namespace,
): NamespaceHandle {
  return namespaces[network.namespaces.indexOf(namespace)];
}

/** Runs a command line in a namespace, and keeps it as evidence. */
export async function ask(
  { namespaces }: World,
  namespace: NamespaceHandle,
  line: string,
): Promise<Evidence & Result> {
  const result = await inside(
    namespaces,
    namespace,
    () => run(shellWords(line)),
  );
  const { code, stdout, stderr } = result;
  return {
    ...result,
    command: `${namespace.prefix} ${line}`.trim(),
    shows:
      (code === 0
        ? stdout.trim().replace(/ +/g, " ").replace(/\s*\n\s*/g, "\n")
          // What `ip route get` says of its cache tells nobody anything.
          .replace(/\ncache\b.*/g, "")
        : ownWords(stderr)) || "(nothing)",
  };
}
