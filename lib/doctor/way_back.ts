/** A router's way back to the one who asked: whether it is the way he came. */

import { attachment } from "./attachment.ts";
import { linkDown } from "./link_faults.ts";
import { duplicateHere } from "./duplicate_address.ts";
import type { Path } from "./path.ts";
import { blocked, tableUnused } from "./route_faults.ts";
import {
  gatewayElsewhere,
  ruledElsewhere,
  subnetElsewhere,
} from "./router_faults.ts";
import { holder } from "../net/namespace.ts";
import type { Incoming } from "../net/network.ts";
import { type End, same, segmentOf } from "../net/segment.ts";

/**
 * The router's interface by which answers get back to the one who asked; puts
 * down why they do not, if they take another way than he came.
 *
 * @param gateway the router's address on that segment.
 * @param packet the answer's sender, where the router answers itself.
 */
export async function wayBack(
  path: Path,
  arrival: End,
  gateway: string,
  src: string,
  packet?: Incoming,
): Promise<End | undefined> {
  const { namespace } = arrival;
  if (tableUnused(path, namespace)) return;
  const segment = segmentOf(path.network, arrival);
  const lookup = await path.network.routeLookup(namespace, src, packet);
  const sender = packet?.from ?? path.question.to;
  if (!lookup.dev && blocked(path, namespace, src, sender)) return;
  const link = namespace.links.find(({ name }) => name === lookup.dev);
  const end = link && { namespace, link };
  if (end && segment.ends.some((each) => same(each, end))) return end;
  const plain = packet && await path.network.routeLookup(namespace, src);
  const ruled = plain &&
    segment.ends.find((each) =>
      each.namespace === namespace && each.link.name === plain.dev
    );
  if (ruled && lookup.dev) {
    ruledElsewhere(path, namespace, src, [lookup, plain]);
    return ruled;
  }
  const home = holder(namespace, gateway) ?? arrival.link;
  const homeEnd = { namespace, link: home };
  if (!home.up) {
    linkDown(path, homeEnd);
    return homeEnd;
  }
  if (lookup.dev === home.name) {
    // The right interface, but its own cable is not on this segment; or it is
    // the wrong interface that has the gateway's address.
    if (attachment(path, homeEnd, src)) {
      const right = path.lab?.placeOf(gateway)?.link ?? arrival.link.name;
      gatewayElsewhere(path, homeEnd, gateway, src, right);
    }
    return homeEnd;
  }
  if (lookup.type === "local") {
    duplicateHere(path, namespace, src, path.question.from);
    return undefined;
  }
  subnetElsewhere(path, namespace, src, lookup.dev ?? "nowhere", home.name);
  return homeEnd;
}
