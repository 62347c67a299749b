/** Counters of the kernel's IP layer, see proc(5): they tell what it threw away. */

import { readText } from "./libc.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";

/** All counters of a namespace, such as `Ip.InAddrErrors`. */
export function readCounters(
  namespaces: NamespaceHandle[],
  namespace: NamespaceHandle,
): Record<string, number> {
  const counters: Record<string, number> = {};
  for (const name of ["snmp", "netstat"]) {
    // /proc/net is that of the process's first thread: say which thread.
    const path = `/proc/thread-self/net/${name}`;
    const lines = inside(namespaces, namespace, () => readText(path)).trim()
      .split("\n");
    // Lines come in twos: the names, then the numbers.
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const [group, ...names] = lines[i].split(" ");
      const [, ...numbers] = lines[i + 1].split(" ");
      names.forEach((each, n) =>
        counters[group.replace(":", ".") + each] = Number(numbers[n])
      );
    }
  }
  return counters;
}

/** The counters of all namespaces, as they were at some time. */
export interface Counters {
  /** The machine's own namespace comes first. */
  namespaces: NamespaceHandle[];
  /** What {@linkcode readCounters} read of each. */
  counters: Map<NamespaceHandle, Record<string, number>>;
}

/**
 * A counter that rose since, as evidence: the command that shows it, and what
 * it showed then and shows now; else nothing.
 */
export function risenCounters(
  { namespaces, counters }: Counters,
  namespace: NamespaceHandle,
  name: string,
): { command: string; shows: string }[] {
  const before = counters.get(namespace)?.[name];
  const after = readCounters(namespaces, namespace)[name];
  if (before === undefined || !(after > before)) return [];
  const tool = name.replace(".", "");
  return [{
    command: `${namespace.prefix} nstat -az ${tool}`.trim(),
    shows: `${tool} was ${before}, is ${after}`,
  }];
}
