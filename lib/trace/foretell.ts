/** The ways that a packet may take, foretold by the walk. */

import { holder } from "../net/namespace.ts";
import { isInternet, withoutInternet } from "../net/network.ts";
import { walk } from "../walk/walk.ts";
import type { Foretold } from "./evidence.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import type { Probe } from "./probe.ts";
import { handleOf, stateOf, type World } from "./world.ts";

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

/** Up to so many namespaces all are listened to, whatever was foretold. */
const FEW = 32;

/**
 * Where to listen for a packet: everywhere, or among many namespaces wherever
 * it may come to, to be forwarded, delivered or lost.
 */
export function whereToListen(
  { world, trips }: Foretold,
  from: NamespaceHandle,
  to: string,
): NamespaceHandle[] {
  const { namespaces } = world;
  if (namespaces.length <= FEW) return namespaces;
  const { network } = world;
  const met = trips.flatMap(({ request, reply }) =>
    [request, ...reply ? [reply] : []].flatMap(({ steps, outcome }) => [
      ...steps.map((step) =>
        "namespace" in step ? step.namespace : step.at.namespace
      ),
      "namespace" in outcome ? outcome.namespace : outcome.at.namespace,
    ])
  );
  const owners = network.namespaces.filter((each) => holder(each, to));
  const outside = network.namespaces.filter((each) => isInternet(each));
  const near = new Set(
    [network.machine, ...met, ...owners, ...outside].map((each) =>
      handleOf(world, each)
    ),
  ).add(from);
  return namespaces.filter((each) => near.has(each));
}
