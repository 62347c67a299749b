/** The way over a segment: from one end to the neighbour that is to have it. */

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
} from "../net/segment.ts";
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
  path: Path,
  from: End,
  next: string,
  known: Known,
): Promise<Ingress | undefined> {
  const { network } = path;
  const far = otherEnd(network, from);
  if (!far && !from.link.bridge) {
    path.notes.unchecked.add(
      from.link.kind === "veth"
        ? t`what is behind ${from.link.name} of ${from.namespace.label}: its other end is in a namespace that cannot be seen`
        : t`what is behind ${from.link.name} of ${from.namespace.label}: it leads out of this machine`,
    );
    return;
  }
  const isIn = attachment(path, from, next);
  const segment = meantSegment(path, from, isIn);
  const arrival = await chooseEnd(path, segment, from, next);
  if (!arrival) {
    if (isIn || path.lab) nobody(path, from, segment, next);
    return;
  }
  attachment(path, arrival, next);
  addressOnPort(path, arrival);
  notLocal(path, arrival, next);
  await frameChecks(path, segment, from, arrival, next);
  const asked = await bridgeHooks(path, segment, from, arrival, known);
  for (const kind of ["arp", known.kind] as const) {
    const packet = { ...known, kind, iif: arrival.link.name };
    await firewallAt(path, arrival.namespace, "ingress", packet, [
      "netdev",
      "inet",
    ]);
  }
  await firewallAt(path, arrival.namespace, "input", {
    ...known,
    kind: "arp",
    iif: arrival.link.name,
  }, ["arp"]);
  await firewallAt(path, from.namespace, "output", {
    ...known,
    kind: "arp",
    oif: from.link.name,
  }, ["arp"]);
  return { ...arrival, asked };
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
  const neighbour = network.namespaces.find(({ label }) =>
    label === question.name
  );
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
function notLocal(path: Path, { namespace }: End, address: string): void {
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

/** The default route leads to somebody who is not the gateway. */
export function wrongGateway(
  path: Path,
  { namespace, link }: End,
  wrong: string,
  gateway: string,
  reason = t`Nobody has the address ${wrong}; the gateway is ${gateway}.`,
): void {
  path.add("gateway-wrong", {
    params: { who: namespace.label, wrong, gateway, reason },
    look: { command: inside(namespace, "ip route show default") },
    fix: [
      inside(
        namespace,
        shell`ip route replace default via ${gateway} dev ${link.name}`,
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
  path: Path,
  { bridge, ends }: Segment,
  from: End,
  to: Attachment,
  known: Known,
): Promise<boolean> {
  const portIn = otherEnd(path.network, from)?.link.name;
  const portOut = to.port?.name;
  if (!bridge || !portIn || !portOut) return false;
  const { namespace, link: { name } } = bridge;
  for (const kind of ["arp", known.kind] as const) {
    const frame = { ...known, kind, iif: portIn, oif: portOut };
    await firewallAt(path, namespace, "ingress", frame, ["netdev"]);
    for (const hook of ["prerouting", "forward", "postrouting"]) {
      await firewallAt(path, namespace, hook, frame, ["bridge"]);
    }
  }
  const sysctls = await path.network.sysctls(namespace);
  if (sysctls[NF_CALL] !== "1") return false;
  const packet = { ...known, iif: name, oif: name, portIn, portOut };
  for (const hook of ["prerouting", "forward", "postrouting"]) {
    const { dropped, by } = await firewallAt(path, namespace, hook, packet);
    if (!dropped || !by) continue;
    // With the router behind a port as well, NAT would be decided on the
    // bridge, too early: then it is better not to ask iptables there at all.
    const { chain, rule } = by;
    const look = { command: chain.show, line: chain.line };
    const draft = rule ? undefined : path.notes.shownBy(look);
    if (draft && ends.some((end) => end.port && end.namespace === namespace)) {
      draft.fix = [...new Set([inside(namespace, NF_CALL_OFF), ...draft.fix])];
    }
    break;
  }
  return true;
}

const NF_CALL = "net.bridge.bridge-nf-call-iptables";

/** What keeps iptables from being asked about what crosses a bridge. */
export const NF_CALL_OFF = `sysctl -w ${NF_CALL}=0`;
