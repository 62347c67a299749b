/** The ways that a packet may take, foretold by the walk. */

import { withoutInternet } from "../net/network.ts";
import { walk } from "../walk/walk.ts";
import type { Foretold } from "./evidence.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import type { Probe } from "./probe.ts";
import { stateOf, type World } from "./world.ts";

/**
 * Walks a probe's packet from its namespace. A sandbox's internet is left out,
 * as nobody could look into the real one, unless the packet comes from there.
 */
export async function foretell(
  world: World,
  from: NamespaceHandle,
  { flow }: Probe,
): Promise<Foretold> {
  const start = stateOf(world, from);
  const reduced = withoutInternet(world.network);
  const ours = reduced.namespaces.includes(start) ? reduced : world.network;
  return { world, ours, trips: await walk(ours, start, flow) };
}
