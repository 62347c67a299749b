/** Who asks and who is asked, from what the user typed. */

import { tryRun } from "../net/firewall/read.ts";
import { enginesToAsk } from "../net/engines.ts";
import { covers, isAddress } from "../net/ipv4.ts";
import { holder, type Namespace } from "../net/namespace.ts";
import { isInternet, type Network } from "../net/network.ts";
import { uplinkOf } from "../net/snapshot.ts";

/**
 * The namespace that a word means: by its own name, a container's name or id,
 * `PC` for the machine, or an address in it. The machine's own come first.
 */
export async function findNamespace(
  network: Network,
  word: string,
): Promise<Namespace | undefined> {
  const { others, machine, namespaces } = network;
  const named = others.find(({ label }) => label === word);
  if (named) return named;
  if (/^pc$/i.test(word)) return machine;
  if (isAddress(word)) {
    return namespaces.find((namespace) => holder(namespace, word));
  }
  return others.find(({ label }) => containerNames(label).includes(word)) ??
    await containerOfId(network, word);
}

/** What the engines call the containers of a namespace. */
export function containerNames(label: string): string[] {
  return label.match(/^container (.*)$/)?.[1].split(", ") ?? [];
}

async function containerOfId(
  { others }: Network,
  word: string,
): Promise<Namespace | undefined> {
  if (!/^[0-9a-f]{4,64}$/.test(word)) return undefined;
  for (const engine of enginesToAsk()) {
    const told = await tryRun([engine, "inspect", "--format={{.Name}}", word]);
    const name = told?.code === 0 && told.stdout.trim().replace(/^\//, "");
    const found = name &&
      others.find(({ label }) => containerNames(label).includes(name));
    if (found) return found;
  }
}

/**
 * The address of a namespace as another one would ask for it: on a network that
 * both are in, if there is one. Undefined where it has none.
 */
export function addressFor(
  network: Network,
  from: Namespace,
  to: Namespace,
): string | undefined {
  const held = to.links.filter(({ name }) => name !== "lo")
    .flatMap(({ addresses }) => addresses);
  const own = from.links.flatMap(({ addresses }) => addresses);
  const near = held.find(({ local, length }) =>
    own.some((mine) => covers(`${local}/${length}`, mine.local))
  );
  const uplink = to === network.machine &&
    to.links.find(({ name }) => name === uplinkOf(to))?.addresses[0];
  return (near ?? (uplink || held[0]))?.local;
}

/** Whether a word means the sandbox's internet. */
export function meansInternet(network: Network, word: string): boolean {
  return network.others.some((each) => each.label === word && isInternet(each));
}
