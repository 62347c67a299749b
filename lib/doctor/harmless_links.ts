/** What may be done to interfaces, addresses and neighbour entries. */

import { shell } from "../cli/shell.ts";
import { engineOfLink } from "../net/firewall/owners.ts";
import { covers, network } from "../net/ipv4.ts";
import { otherEnd } from "../net/segment.ts";
import { type Harm, held, showAddresses, type Step, unknown } from "./harm.ts";
import {
  holder,
  inside,
  type Link,
  linkOf,
  type Namespace,
} from "../net/namespace.ts";
import { t } from "../cli/translate.ts";

/** What harm such a command would do. */
export function linkHarm(
  step: Step,
  object: string,
  words: readonly string[],
): Harm | undefined {
  const [verb] = words;
  const dev = words[words.indexOf("dev") + 1];
  const card = step.namespace && linkOf(step.namespace, dev);
  switch (`${object} ${verb}`) {
    case "link add":
    case "netns add":
    case "neigh flush":
    case "neigh del":
      return words.length > 2 || object === "netns" ? undefined : unknown(step);
    case "netns del":
      return deadName(step, words[1]);
    case "link set":
      return setHarm(step, dev, card, words.slice(words.indexOf("dev") + 2));
    case "link del":
      return card?.kind === "veth" && card.addresses.length === 0 &&
          !isUplink(step.namespace, card)
        ? undefined
        : held(t`${dev} may be in use`, [showAddresses(step.namespace, dev)]);
    case "addr add":
      return addHarm(step, words[1].split("/")[0], dev, card);
    case "addr del":
      return removeHarm(step, words[1].split("/")[0], dev, card);
    case "tc qdisc":
      return words[1] === "del" && !isUplink(step.namespace, card)
        ? undefined
        : held(t`somebody has limited ${dev} on purpose`, [
          inside(step.namespace!, shell`tc qdisc show dev ${dev}`),
        ]);
  }
  return unknown(step);
}

/** The machine's own way out, whatever else it may be: never to be touched. */
export function isUplink(namespace?: Namespace, card?: Link): boolean {
  if (!namespace || !card || namespace.enter.length > 0 || card.name === "lo") {
    return false;
  }
  return card.kind === "" || /^(eth|en|wl|ww|bond|usb)/.test(card.name) ||
    isTunnel(card) ||
    namespace.routes.some(({ to, dev }) => isWayOut(to) && dev === card.name);
}

/** The default route, or one of the halves in which VPNs put it. */
export function isWayOut(to: string): boolean {
  return ["default", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"].includes(to);
}

/** A link with one other end, or none: it asks nobody for a MAC address. */
export function isTunnel({ asksArp, name, kind }: Link): boolean {
  return name !== "lo" && !asksArp && kind !== "bridge";
}

function setHarm(
  step: Step,
  dev: string,
  card: Link | undefined,
  change: readonly string[],
): Harm | undefined {
  const { namespace } = step;
  const look = [showAddresses(namespace, dev)];
  const said = change.join(" ");
  if (said === "up") return undefined;
  // A card that another step of the same fix makes has nothing to lose.
  if (!card) {
    return /^(netns|master) \S+$/.test(said) ? undefined : unknown(step);
  }
  if (said === "arp on") {
    return card.asksArp
      ? undefined
      : held(t`${dev} has one other end only, and needs no ARP`, look);
  }
  const uplink = isUplink(namespace, card);
  if (said === "nomaster") {
    return uplink || card.addresses.length > 0
      ? undefined
      : held(t`${dev} may belong into its bridge`, look);
  }
  if (uplink) {
    return held(t`${dev} is this machine's own way out`, look);
  }
  switch (change[0]) {
    case "mtu":
    case "address":
    case "netns":
      return change.length === 2 ? undefined : unknown(step);
    case "master":
      return masterHarm(step, namespace!, card, change[1]);
    case "type":
      if (said !== "type bridge stp_state 0") return unknown(step);
      return namespace!.links.some((port) =>
          port.master === dev && isUplink(namespace, port)
        )
        ? held(
          t`${dev} reaches beyond this machine, where it may close a loop`,
          [
            inside(namespace!, shell`bridge -d link show`),
          ],
        )
        : undefined;
  }
  return unknown(step);
}

/**
 * Both ends of a cable in one switch are a loop; and whoever is at the other end
 * belongs into the bridge that has an address of his network.
 */
function masterHarm(
  step: Step,
  namespace: Namespace,
  card: Link,
  master: string,
): Harm | undefined {
  const look = [inside(namespace, "bridge link show")];
  const other = !card.peerElsewhere &&
    namespace.links.find(({ index }) => index === card.peerIndex);
  if (other && other.master === master) {
    return held(
      t`the other end of ${card.name}, ${other.name}, is in ${master} already: a loop`,
      look,
    );
  }
  if (card.addresses.length > 0) {
    return held(
      t`${card.name} has an address of its own, which a port of a bridge cannot use`,
      look,
    );
  }
  const far = otherEnd(step.network, { namespace, link: card });
  const own = namespace.links.find(({ name, kind, addresses }) =>
    kind === "bridge" && name !== master &&
    addresses.some((address) =>
      far?.link.addresses.some(({ local }) => covers(prefixOf(address), local))
    )
  );
  if (own) {
    return held(
      t`${own.name} has the network that ${card.name} leads to`,
      [...look, showAddresses(namespace, own.name)],
    );
  }
  const engine = engineOfLink(card.master ?? "");
  return engine &&
    held(t`${card.name} is plugged in where ${engine.name} has put it`, look);
}

const prefixOf = ({ local, length }: Link["addresses"][number]): string =>
  network(`${local}/${length}`);

/** `ip netns del` is for a name that leads nowhere. */
function deadName(
  { network, namespace }: Step,
  name: string,
): Harm | undefined {
  const there = network.others.find(({ label }) => label === name);
  return !there || there.unreadable ? undefined : held(
    t`${name} is a namespace that works`,
    [inside(namespace ?? { enter: [] }, shell`ip -n ${name} addr show`)],
  );
}

function addHarm(
  { namespace, network, all }: Step,
  address: string,
  dev: string,
  card: Link | undefined,
): Harm | undefined {
  if (isUplink(namespace, card)) {
    return held(t`${dev} is this machine's own way out`, [
      showAddresses(namespace, dev),
    ]);
  }
  const owner = holder(network.machine, address);
  const moves = all.some((argv) =>
    argv.includes("del") && argv.some((word) => word.startsWith(`${address}/`))
  );
  return owner && owner.name !== dev &&
      (!moves || isUplink(network.machine, owner))
    ? held(t`${owner.name} has the address ${address}`, [
      showAddresses(network.machine, owner.name),
    ])
    : undefined;
}

function removeHarm(
  step: Step,
  address: string,
  dev: string,
  card: Link | undefined,
): Harm | undefined {
  const { namespace, all } = step;
  if (
    !namespace || !card ||
    !card.addresses.some(({ local }) => local === address)
  ) {
    return unknown(step);
  }
  const look = [showAddresses(namespace, dev)];
  if (address.startsWith("127.")) {
    return held(t`every machine has ${address}`, look);
  }
  if (isUplink(namespace, card)) {
    return held(
      t`${address} is the address of this machine's own way out`,
      look,
    );
  }
  const engine = engineOfLink(dev);
  const gets = all.some((argv) => argv.includes("add") && argv.includes(dev));
  if (gets || card.addresses.length > 1) return undefined;
  const moves = all.some((argv) =>
    argv.includes("add") && argv.some((word) => word.startsWith(`${address}/`))
  );
  if (engine && (moves || hasOthers(namespace, card))) {
    return held(t`${engine.name} has given ${dev} its address`, look);
  }
  return namespace.enter.length > 0 || hasOthers(namespace, card)
    ? held(t`${address} is the only address of ${dev}, which is in use`, look)
    : undefined;
}

/** Whether somebody else hangs on this interface. */
function hasOthers({ links }: Namespace, card: Link): boolean {
  return card.peerElsewhere ||
    links.some(({ master }) => master === card.name);
}
