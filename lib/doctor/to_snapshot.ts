/** What the doctor has read, in the form that the stages' facts are held against. */

import {
  isNameOnly,
  type Namespace as Drawn,
  type Snapshot,
} from "../net/snapshot.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Network } from "../net/network.ts";

/** The snapshot of a network: nothing is read twice. */
export async function toSnapshot(network: Network): Promise<Snapshot> {
  const { machine, others } = network;
  const { chains } = await network.firewall(machine);
  const rules: Record<string, string[]> = {};
  for (const chain of chains) {
    if (chain.backend !== "iptables") continue;
    const lines = chain.rules.map(({ line }) => line);
    (rules[chain.table] ??= []).push(...lines);
  }
  const uplink = machine.routes.find(({ to, table }) =>
    to === "default" && table === "main"
  )?.dev;
  return {
    machine: toNamespace("", machine),
    named: others.map((namespace) => toNamespace(namespace.label, namespace)),
    uplink,
    rules,
  };
}

function toNamespace(name: string, namespace: Namespace): Drawn {
  return {
    name,
    links: namespace.links.map((each) => ({
      index: each.index,
      name: each.name,
      kind: each.kind,
      up: each.up,
      state: each.carrier ? "UP" : "DOWN",
      master: each.master,
      portState: each.port?.state,
      peerIndex: each.peerIndex,
      peerElsewhere: each.peerElsewhere,
      mac: each.mac,
      mtu: each.mtu,
      addresses: each.addresses.map(({ local, length }) =>
        `${local}/${length}`
      ),
      altnames: [],
    })),
    routes: namespace.routes.filter(({ table }) => table === "main"),
    forwarding: namespace.conf.all?.forwarding ?? false,
    ...namespace.unreadable
      ? { unreadable: namespace.unreadable, isNameOnly: isNameOnly(name) }
      : {},
  };
}
