/** Where a bridge sends a frame: what it has learned, and what it was told. */

import { answering, type End, segmentOf } from "../net/segment.ts";
import type { Frame } from "./frame.ts";
import type { Traveller } from "./traveller.ts";

/** Where a bridge has seen an address; undefined: nowhere yet. */
export async function portOf(
  { network, learned }: Traveller,
  { namespace, link }: End,
  mac: string,
): Promise<string | undefined> {
  const entries = await network.fdb(namespace, link.name);
  const told = entries.find((each) => each.mac === mac && each.isStatic);
  return told?.dev ?? learned.get(`${namespace.label} ${link.name} ${mac}`) ??
    entries.find((each) => each.mac === mac)?.dev;
}

/** Notes behind which port an address was seen. */
export function learn(
  traveller: Traveller,
  { namespace, link }: End,
  mac: string,
  port: string,
): Traveller {
  const learned = new Map(traveller.learned);
  learned.set(`${namespace.label} ${link.name} ${mac}`, port);
  return { ...traveller, learned };
}

/**
 * A frame whose receiver a rule of NAT has rewritten while it crosses the
 * bridge: where that one is on the same bridge it is not routed, but goes to his
 * MAC address at once.
 */
export async function readdressed(
  { network, tuple, mark }: Traveller,
  frame: Frame,
  bridge: End,
): Promise<Frame> {
  const { namespace, link } = bridge;
  const { type = "unicast", dev, via } = await network.routeLookup(
    namespace,
    tuple.dst,
    { from: tuple.src, iif: link.name, mark },
  );
  if (type !== "unicast" || dev !== link.name) return frame;
  const [next] = answering(segmentOf(network, bridge), via ?? tuple.dst);
  return next ? { ...frame, dst: next.link.mac } : frame;
}
