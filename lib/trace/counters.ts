/** Counters of the kernel's IP layer, as evidence. */

import type { NamespaceHandle } from "./namespaces.ts";
import { type Evidence, readCounters, type World } from "./world.ts";

/** A counter that rose while the packet was on its way; else nothing. */
export function risenCounters(
  world: World,
  namespace: NamespaceHandle,
  name: string,
): Evidence[] {
  const before = world.before.get(namespace)?.counters[name];
  const after = readCounters(world.namespaces, namespace)[name];
  if (before === undefined || !(after > before)) return [];
  const tool = name.replace(".", "");
  return [{
    command: `${namespace.prefix} nstat -az ${tool}`.trim(),
    shows: `${tool} was ${before}, is ${after}`,
  }];
}
