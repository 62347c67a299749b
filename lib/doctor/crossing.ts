/** The way over a wire: from one end to the neighbour that is to have it. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import {
  addressMissing,
  addressOnPort,
  duplicate,
  mainLink,
} from "./link_faults.ts";
import { frameChecks } from "./switching.ts";
import { firewallAt, type Known } from "./hooks.ts";
import { attachment } from "./attachment.ts";
import { holder, inside } from "../net/namespace.ts";
import type { Path } from "./path.ts";
import {
  type Attachment,
  type End,
  otherEnd,
  type Segment,
  segmentOf,
} from "./segment.ts";
import { t } from "../cli/translate.ts";

/** Where a frame arrives. */
export interface Ingress extends Attachment {
  /** Whether iptables was asked about it on the bridge already. */
  asked: boolean;
}

/**
 * Checks that a frame gets from an end to whoever has the address `next`.
 *
 * @returns the end where it arrives, or would once what was found is mended;
 * undefined if there is no telling.
 */
export async function crossSegment(
  tour: Path,
  from: End,
  next: string,
  known: Known,
): Promise<Ingress | undefined> {
  const { world } = tour;
  const far = otherEnd(world, from);
  if (!far && !from.iface.bridge) {
    tour.notes.unchecked.add(
      from.iface.kind === "veth"
        ? t`what is behind ${from.iface.name} of ${from.space.label}: its other end is in a namespace that cannot be seen`
        : t`what is behind ${from.iface.name} of ${from.space.label}: it leads out of this machine`,
    );
    return;
  }
  const isIn = attachment(tour, from, next);
  const wire = meantWire(tour, from, isIn);
  const arrival = await chooseEnd(tour, wire, from, next);
  if (!arrival) {
    if (isIn || tour.lab) nobody(tour, from, wire, next);
    return;
  }
  attachment(tour, arrival, next);
  addressOnPort(tour, arrival);
  notLocal(tour, arrival, next);
  await frameChecks(tour, wire, from, arrival, next);
  const asked = await bridgeHooks(tour, wire, from, arrival, known);
  for (const kind of ["arp", known.kind] as const) {
    const packet = { ...known, kind, iif: arrival.iface.name };
    await firewallAt(tour, arrival.space, "ingress", packet, [
      "netdev",
      "inet",
    ]);
  }
  await firewallAt(tour, arrival.space, "input", {
    ...known,
    kind: "arp",
    iif: arrival.iface.name,
  }, ["arp"]);
  await firewallAt(tour, from.space, "output", {
    ...known,
    kind: "arp",
    oif: from.iface.name,
  }, ["arp"]);
  return { ...arrival, asked };
}

/** The wire of an end; or the one that it would be on, were it plugged in. */
function meantWire(tour: Path, from: End, isIn: boolean): Segment {
  const wire = segmentOf(tour.world, from);
  const far = otherEnd(tour.world, from);
  if (isIn || !far) return wire;
  const meant = tour.lab?.masterOf(far.iface.name);
  const bridge = far.space.ifaces.find(({ name, bridge }) =>
    bridge && (meant ? name === meant : true)
  );
  return bridge && !far.iface.master
    ? segmentOf(tour.world, { space: far.space, iface: bridge })
    : wire;
}

/** Where a frame for this address arrives: several may answer for it. */
async function chooseEnd(
  tour: Path,
  wire: Segment,
  from: End,
  next: string,
): Promise<Attachment | undefined> {
  const ends = tour.answering(wire, next, from);
  const meant = tour.lab?.placeOf(next);
  const spaces = [...new Set(ends.map(({ space }) => space))];
  const right = spaces.find((space) => tour.nameOf(space) === meant?.netns) ??
    spaces.find((space) => space.enter.length === 0) ?? spaces[0];
  const intruder = spaces.find((space) => space !== right);
  if (right && intruder) duplicate(tour, next, right, intruder);
  const own = ends.filter(({ space }) => space === right);
  const entry = from.space.neighbours.find(({ address, dev }) =>
    address === next && dev === from.iface.name
  );
  const known = own.find(({ iface }) => iface.mac === entry?.mac && iface.up);
  if (known || own.length < 2) return known ?? own[0];
  // The bridge itself hears a question before the ends behind its ports do.
  const switches = await tour.world.switches(own[0].space);
  const shy = Number(switches["net.ipv4.conf.all.arp_ignore"] ?? 0) > 0;
  const hears = ({ iface }: Attachment) => iface.up && !iface.noArp;
  return own.find((end) => hears(end) && !end.port && !shy) ??
    own.find(hears) ?? own[0];
}

/** Nobody on the wire has the address: says who should. */
function nobody(tour: Path, from: End, wire: Segment, next: string): void {
  const { world, lab, question } = tour;
  const elsewhere = world.spaces
    .filter((space) => space !== from.space)
    .map((space) => ({ space, iface: holder(space, next) }))
    .find(({ iface }) => iface);
  if (elsewhere?.iface) {
    // It exists, but not on this wire: its own cable is at fault.
    attachment(
      tour,
      { space: elsewhere.space, iface: elsewhere.iface },
      heldBy(from),
    );
    return;
  }
  const neighbour = world.spaces.find(({ label }) => label === question.name);
  if (neighbour && question.to === next) {
    const card = mainLink(tour, neighbour);
    if (card) addressMissing(tour, { space: neighbour, iface: card });
    return;
  }
  const place = lab?.placeOf(next);
  const there = world.spaces.find((space) =>
    tour.nameOf(space) === place?.netns
  );
  const card = there?.ifaces.find(({ name }) => name === place?.link);
  if (there && card && there.enter.length > 0) {
    addressMissing(tour, { space: there, iface: card });
    return;
  }
  // The way back to somebody who has no address: told already.
  if (from.space.enter.length === 0) return;
  if (wire.blind.length > 0) {
    tour.notes.unchecked.add(
      t`who has ${next}: behind ${
        wire.blind.map(({ name }) => name).slice(0, 3).join(", ")
      } are namespaces that cannot be seen`,
    );
    return;
  }
  const isNear = from.iface.addresses.some(({ local, length }) =>
    covers(`${local}/${length}`, next)
  );
  if (question.to === next && question.about === "internet" && isNear) {
    const { space, iface: { name: dev } } = from;
    tour.add("neighbour-silent", {
      params: { who: space.label, address: next, dev },
      look: {
        command: inside(space, shell`ip neigh show ${next} dev ${dev}`),
      },
    });
    return;
  }
  const router = tour.routerOn(wire, from);
  if (router && router !== next && !place) {
    wrongGateway(tour, from, next, router);
    return;
  }
  const dev = place?.link ?? wire.bridge?.iface.name;
  const length = from.iface.addresses[0]?.length ?? 24;
  const isThere = world.machine.ifaces.some(({ name }) => name === dev);
  tour.add("gateway-address-missing", {
    params: {
      address: next,
      who: from.space.label,
      dev: dev ?? t`the gateway`,
    },
    look: { command: shell`ip -brief addr show ${dev ? ["dev", dev] : []}` },
    fix: dev && isThere
      ? [shell`ip addr add ${next}/${length} dev ${dev}`]
      : [],
  });
}

/** An address that is there, but not in the table of what is one's own. */
function notLocal(tour: Path, { space }: End, address: string): void {
  const card = holder(space, address);
  const isOwn = space.routes.some(({ type, to }) =>
    type === "local" && covers(to, address)
  );
  if (!card?.up || isOwn) return;
  tour.add("address-not-local", {
    params: { who: space.label, address },
    look: { command: inside(space, "ip route show table local"), line: "" },
    fix: [
      inside(
        space,
        shell`ip route add local ${address} dev ${card.name} table local proto kernel scope host src ${address}`,
      ),
    ],
  });
}

const heldBy = ({ iface }: End): string => iface.addresses[0]?.local ?? "";

/** The default route leads to somebody who is not the gateway. */
export function wrongGateway(
  tour: Path,
  { space, iface }: End,
  wrong: string,
  gateway: string,
  reason = t`Nobody has the address ${wrong}; the gateway is ${gateway}.`,
): void {
  tour.add("gateway-wrong", {
    params: { who: space.label, wrong, gateway, reason },
    look: { command: inside(space, "ip route show default") },
    fix: [
      inside(
        space,
        shell`ip route replace default via ${gateway} dev ${iface.name}`,
      ),
    ],
  });
}

/**
 * What a bridge's own firewalls do with a frame, and iptables if it is asked.
 *
 * @returns whether iptables is asked.
 */
async function bridgeHooks(
  tour: Path,
  { bridge, ends }: Segment,
  from: End,
  to: Attachment,
  known: Known,
): Promise<boolean> {
  const portIn = otherEnd(tour.world, from)?.iface.name;
  const portOut = to.port?.name;
  if (!bridge || !portIn || !portOut) return false;
  const { space, iface: { name } } = bridge;
  for (const kind of ["arp", known.kind] as const) {
    const frame = { ...known, kind, iif: portIn, oif: portOut };
    await firewallAt(tour, space, "ingress", frame, ["netdev"]);
    for (const hook of ["prerouting", "forward", "postrouting"]) {
      await firewallAt(tour, space, hook, frame, ["bridge"]);
    }
  }
  const switches = await tour.world.switches(space);
  if (switches[NF_CALL] !== "1") return false;
  const packet = { ...known, iif: name, oif: name, portIn, portOut };
  for (const hook of ["prerouting", "forward", "postrouting"]) {
    const { dropped } = await firewallAt(tour, space, hook, packet);
    if (!dropped) continue;
    // With the router behind a port as well, NAT would be decided on the
    // bridge, too early: then it is better not to ask iptables there at all.
    const { chain, rule } = dropped;
    const look = { command: chain.show, line: chain.line };
    const draft = rule ? undefined : tour.notes.shownBy(look);
    if (draft && ends.some((end) => end.port && end.space === space)) {
      draft.fix = [...new Set([inside(space, NF_CALL_OFF), ...draft.fix])];
    }
    break;
  }
  return true;
}

const NF_CALL = "net.bridge.bridge-nf-call-iptables";

/** What keeps iptables from being asked about what crosses a bridge. */
export const NF_CALL_OFF = `sysctl -w ${NF_CALL}=0`;
