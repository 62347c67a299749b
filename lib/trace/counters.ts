/** Counters of the kernel's IP layer, see proc(5): they tell what it threw away. */

import { readText } from "./libc.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";
import type { Evidence, World } from "./world.ts";

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

/** A counter that rose while the packet was on its way; else nothing. */
export function risenCounters(
  { namespaces, counters }: World,
  namespace: NamespaceHandle,
  name: string,
): Evidence[] {
  const before = counters.get(namespace)?.[name];
  const after = readCounters(namespaces, namespace)[name];
  if (before === undefined || !(after > before)) return [];
  const tool = name.replace(".", "");
  return [{
    command: `${namespace.prefix} nstat -az ${tool}`.trim(),
    shows: `${tool} was ${before}, is ${after}`,
  }];
}
