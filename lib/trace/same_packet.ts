/** Finds our packet among all that was heard, and the ARP that it took. */

import type { Heard } from "./packet_socket.ts";
import { type ArpHeader, portsOf, readFrame } from "./frame.ts";
import type { Probe } from "./probe.ts";
import { stateOf, type World } from "./world.ts";
import type { ArpExchange, Location, Sighting } from "./sighting.ts";

/** Picks out the packet of a probe, and all questions by ARP. */
export function follow(
  heard: Heard[],
  probe: Probe,
  world: World,
): { seen: Sighting[]; exchanges: ArpExchange[] } {
  const seen: Sighting[] = [];
  const locations: Location[] = [];
  const exchanges = new Map<string, ArpExchange>();
  for (const each of heard) {
    const frame = readFrame(each.bytes, each.hardware);
    const location: Location = {
      namespace: each.namespace,
      link: linkName(world, each),
      direction: each.direction,
      time: 0,
      srcMac: frame.srcMac,
      dstMac: frame.dstMac,
      otherhost: each.otherhost,
      heard: each,
    };
    locations.push(location);
    if (frame.arp) note(exchanges, location, frame.arp);
    const role = frame.ip && probe.role(frame.ip, each.namespace);
    if (frame.ip && role) {
      const { src, dst, ttl, payload } = frame.ip;
      seen.push(Object.assign(location, {
        ...{ role, src, dst, ttl, payload },
        ...portsOf(frame.ip),
      }));
    }
  }
  const start = (seen[0] ?? locations[0])?.heard.time;
  for (const spot of locations) {
    spot.time = Number(spot.heard.time - start) / 1000;
  }
  return { seen, exchanges: [...exchanges.values()] };
}

function linkName(world: World, { namespace, index }: Heard): string {
  const { links } = stateOf(world, namespace);
  return links.find((link) => link.index === index)?.name ?? `if${index}`;
}

function note(
  exchanges: Map<string, ArpExchange>,
  location: Location,
  { op, senderIp, senderMac, targetIp }: ArpHeader,
): void {
  if (senderIp === targetIp) return; // An announcement, no question.
  const [askerIp, askedIp] = op === 1
    ? [senderIp, targetIp]
    : [targetIp, senderIp];
  const key = `${askerIp} ${askedIp}`;
  const exchange = exchanges.get(key) ??
    { askerIp, askedIp, question: [], answers: [] };
  exchanges.set(key, exchange);
  if (op === 1) exchange.question.push(location);
  else exchange.answers.push(Object.assign(location, { mac: senderMac }));
}
