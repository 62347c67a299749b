/** What keeps a frame on a segment from the neighbour that is to have it. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import { addressMissing, addressOnPort, mainLink } from "./link_faults.ts";
import { duplicate, duplicateHere } from "./duplicate_address.ts";
import { frameChecks } from "./switching.ts";
import { tableUnused } from "./route_faults.ts";
import { wrongGateway } from "./gateway_faults.ts";
import { attachment } from "./attachment.ts";
import type { Crossing } from "./crossings.ts";
import { holder, inside } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import {
  type Attachment,
  type End,
  otherEnd,
  type Segment,
  segmentOf,
} from "../net/segment.ts";
import { t } from "../cli/translate.ts";

/**
 * What is wrong on a segment between an end and whoever has the address `next`:
 * cables, ports, the bridge, MAC addresses, and who answers by ARP.
 */
export async function segmentFaults(
  path: Path,
  { from, next }: Crossing,
): Promise<void> {
  const { network } = path;
  const far = otherEnd(network, from);
  addressOnPort(path, from);
  if (!far && !from.link.bridge) return;
  const isIn = attachment(path, from, next);
  const segment = meantSegment(path, from, isIn);
  const arrival = await chooseEnd(path, segment, from, next);
  if (!arrival) {
    if (isIn || path.lab) nobody(path, from, segment, next);
    return;
  }
  attachment(path, arrival, next);
  addressOnPort(path, arrival);
  if (tableUnused(path, arrival.namespace)) return;
  notLocal(path, arrival, next);
  await frameChecks(path, segment, from, arrival, next);
  const [own] = from.link.addresses;
  if (own && holder(arrival.namespace, own.local)) {
    duplicateHere(path, arrival.namespace, own.local, from.namespace.label);
  }
}

/** The segment of an end; or the one that it would be on, were it plugged in. */
function meantSegment(path: Path, from: End, isIn: boolean): Segment {
  const segment = segmentOf(path.network, from);
  const far = otherEnd(path.network, from);
  if (isIn || !far) return segment;
  const meant = path.lab?.masterOf(far.link.name);
  const bridge = far.namespace.links.find(({ name, bridge }) =>
    bridge && (meant ? name === meant : true)
  );
  return bridge && !far.link.master
    ? segmentOf(path.network, { namespace: far.namespace, link: bridge })
    : segment;
}

/** Where a frame for this address arrives: several may answer for it. */
async function chooseEnd(
  path: Path,
  segment: Segment,
  from: End,
  next: string,
): Promise<Attachment | undefined> {
  const ends = path.answering(segment, next, from);
  const meant = path.lab?.placeOf(next);
  const namespaces = [...new Set(ends.map(({ namespace }) => namespace))];
  const right =
    namespaces.find((namespace) => path.nameOf(namespace) === meant?.netns) ??
      namespaces.find((namespace) => namespace.enter.length === 0) ??
      namespaces[0];
  const intruder = namespaces.find((namespace) => namespace !== right);
  if (right && intruder) duplicate(path, next, right, intruder);
  const own = ends.filter(({ namespace }) => namespace === right);
  const entry = from.namespace.neighbours.find(({ address, dev }) =>
    address === next && dev === from.link.name
  );
  const known = own.find(({ link }) => link.mac === entry?.mac && link.up);
  if (known || own.length < 2) return known ?? own[0];
  // The bridge itself hears a question before the ends behind its ports do.
  const sysctls = await path.network.sysctls(own[0].namespace);
  const shy = Number(sysctls["net.ipv4.conf.all.arp_ignore"] ?? 0) > 0;
  const hears = ({ link }: Attachment) => link.up && !link.noArp;
  return own.find((end) => hears(end) && !end.port && !shy) ??
    own.find(hears) ?? own[0];
}

/** Nobody on the segment has the address: says who should. */
function nobody(path: Path, from: End, segment: Segment, next: string): void {
  const { network, lab, question } = path;
  const elsewhere = network.namespaces
    .filter((namespace) => namespace !== from.namespace)
    .map((namespace) => ({ namespace, link: holder(namespace, next) }))
    .find(({ link }) => link);
  if (elsewhere?.link) {
    // It exists, but not on this segment: its own cable is at fault.
    attachment(
      path,
      { namespace: elsewhere.namespace, link: elsewhere.link },
      heldBy(from),
    );
    return;
  }
  const neighbour = network.labelled(question.name);
  if (neighbour && question.to === next) {
    const card = mainLink(path, neighbour);
    if (card) addressMissing(path, { namespace: neighbour, link: card });
    return;
  }
  const place = lab?.placeOf(next);
  const there = network.namespaces.find((namespace) =>
    path.nameOf(namespace) === place?.netns
  );
  const card = there?.links.find(({ name }) => name === place?.link);
  if (there && card && there.enter.length > 0) {
    addressMissing(path, { namespace: there, link: card });
    return;
  }
  // The way back to somebody who has no address: told already.
  if (from.namespace.enter.length === 0) return;
  if (segment.blind.length > 0) {
    path.notes.unchecked.add(
      t`who has ${next}: behind ${
        segment.blind.map(({ name }) => name).slice(0, 3).join(", ")
      } are namespaces that cannot be seen`,
    );
    return;
  }
  const isNear = from.link.addresses.some(({ local, length }) =>
    covers(`${local}/${length}`, next)
  );
  if (question.to === next && question.about === "internet" && isNear) {
    const { namespace, link: { name: dev } } = from;
    path.add("neighbour-silent", {
      params: { who: namespace.label, address: next, dev },
      look: {
        command: inside(namespace, shell`ip neigh show ${next} dev ${dev}`),
      },
    });
    return;
  }
  const router = path.routerOn(segment, from);
  if (router && router !== next && !place) {
    wrongGateway(path, from, next, router);
    return;
  }
  const dev = place?.link ?? segment.bridge?.link.name;
  const length = from.link.addresses[0]?.length ?? 24;
  const isThere = network.machine.links.some(({ name }) => name === dev);
  path.add("gateway-address-missing", {
    params: {
      address: next,
      who: from.namespace.label,
      dev: dev ?? t`the gateway`,
    },
    look: { command: shell`ip -brief addr show ${dev ? ["dev", dev] : []}` },
    fix: dev && isThere
      ? [shell`ip addr add ${next}/${length} dev ${dev}`]
      : [],
  });
}

/** An address that is there, but not in the table of what is one's own. */
export function notLocal(
  path: Path,
  { namespace }: End,
  address: string,
): void {
  const card = holder(namespace, address);
  const isOwn = namespace.routes.some(({ type, to }) =>
    type === "local" && covers(to, address)
  );
  if (!card?.up || isOwn) return;
  path.add("address-not-local", {
    params: { who: namespace.label, address },
    look: { command: inside(namespace, "ip route show table local"), line: "" },
    fix: [
      inside(
        namespace,
        shell`ip route add local ${address} dev ${card.name} table local proto kernel scope host src ${address}`,
      ),
    ],
  });
}

const heldBy = ({ link }: End): string => link.addresses[0]?.local ?? "";
