/**
 * The way from a namespace to the internet, part by part, walked in the
 * kernel's state: the same walk for ns1 as for a container.
 */

import { covers } from "../net/ipv4.ts";
import {
  addressTexts,
  forwards,
  holder,
  mainRoutes,
} from "../net/namespace.ts";
import { namespace, peer, type Snapshot } from "../net/snapshot.ts";

/** The parts, each by the name that it has there; undefined where it ends. */
export interface Shape {
  /** The namespace. */
  netns: string;
  /** Its network card … */
  card?: string;
  /** … with this address, such as `192.168.0.1/24` … */
  address?: string;
  /** … and the other end of its cable. */
  port?: string;
  /** The bridge that this end is plugged into. */
  bridge?: string;
  /** The default gateway. */
  gateway?: string;
  /** The machine's card that has the gateway's address. */
  gatewayCard?: string;
  /** Whether the machine passes packets on. */
  forwards: boolean;
  /** The rule that rewrites the sender of what leaves. */
  snat?: string;
  /** What becomes of a packet to be passed on that no rule speaks of. */
  forwardPolicy: string;
  /** Chains in the table filter that are not the kernel's own. */
  chains: string[];
  /** Rules that lead from a port of the machine into the network. */
  published: string[];
}

/** Walks from the namespace of this name. */
export function shapeOf(snapshot: Snapshot, netns: string): Shape {
  const inside = namespace(snapshot, netns);
  const card = inside?.links.find(({ kind }) => kind === "veth");
  const address = card && addressTexts(card)[0];
  const port = inside && card && peer(snapshot, card, inside)?.link;
  const gateway = inside &&
    mainRoutes(inside).find(({ to }) => to === "default")?.via;
  const { filter = [], nat = [] } = snapshot.rules;
  return {
    netns,
    card: card?.name,
    address,
    port: port?.name,
    bridge: port?.master,
    gateway,
    gatewayCard: gateway && holder(snapshot.machine, gateway)?.name,
    forwards: forwards(snapshot.machine),
    snat: nat.find((rule) => address && isSnat(rule, address)),
    forwardPolicy: filter.find((rule) => rule.startsWith("-P FORWARD "))
      ?.split(" ")[2] ?? "ACCEPT",
    chains: filter.filter((rule) => rule.startsWith("-N "))
      .map((rule) => rule.slice(3)),
    published: nat.filter((rule) => rule.includes("-j DNAT")),
  };
}

/** Whether the rule rewrites the sender of all that leaves from `address`. */
function isSnat(rule: string, address: string): boolean {
  const from = rule.match(/^-A POSTROUTING -s (\S+) .*-j (MASQUERADE|SNAT)/);
  return from !== null && covers(from[1], address.split("/")[0]) &&
    !rule.includes(" -d ");
}
