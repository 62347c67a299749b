/** An engine's network on this machine, in one object and as text. */

import type { Engine } from "../net/engines.ts";
import { atATime } from "../cli/at_a_time.ts";
import { findTools, readFirewall } from "../net/firewall/read.ts";
import { link, type Snapshot } from "../net/snapshot.ts";
import { type AboutEngine, readAbout } from "./about_engine.ts";
import type { Container } from "./containers.ts";
import { type Dns, readDns } from "./dns.ts";
import { inspect, type Inspected } from "./inspect.ts";
import { type EngineNetwork, readNetworks } from "./networks.ts";
import { type Parts, readParts } from "./parts.ts";
import { type Published, readPublished } from "./published.ts";

/** What `inspect-docker --json` prints. */
export interface Report {
  /** Grows when a field changes its meaning. */
  format: 1;
  /** The engine. */
  engine: AboutEngine;
  /** Its networks. */
  networks: EngineNetwork[];
  /** Its containers that run. */
  containers: (Inspected & { dns: Dns })[];
  /** The published ports of all of them. */
  published: Published[];
  /** What all of it consists of on the machine, whoever made it. */
  parts: Parts;
  /** What of the rules could not be read, and why. */
  unread: string[];
}

/** Reads it all. In the snapshot each container's namespace has its name. */
export async function readReport(
  client: Engine,
  containers: readonly Container[],
  snapshot: Snapshot,
): Promise<Report> {
  const { chains, unread } = await readFirewall(
    { enter: [] },
    await findTools(),
  );
  const inspected = inspect(containers, snapshot);
  const [engine, networks, published, parts] = await Promise.all([
    readAbout(client, chains),
    readNetworks(client),
    readPublished(inspected, chains),
    readParts(snapshot.machine, chains),
  ]);
  const withDns = await atATime(
    inspected,
    async (each) => ({ ...each, dns: await readDns(each.pid) }),
  );
  return {
    format: 1,
    engine,
    networks: networks.map((each) => withGateway(each, snapshot)),
    containers: withDns,
    published,
    parts,
    unread,
  };
}

/** Where the engine does not tell the gateway, it is its bridge's address. */
function withGateway(
  network: EngineNetwork,
  snapshot: Snapshot,
): EngineNetwork {
  const { gateways, bridge } = network;
  if (gateways.length > 0 || !bridge) return network;
  const addresses = link(snapshot, bridge)?.addresses ?? [];
  return { ...network, gateways: addresses.map(({ local }) => local) };
}
