/** The cable at an interface: what is at its other end, and whether it works. */

import { shell } from "../cli/shell.ts";
import type { Link } from "../net/snapshot.ts";
import { isOtherEnd } from "../net/veth.ts";
import type { Finding } from "./cause_kinds.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import { ask, type World } from "./world.ts";
import { t } from "../cli/translate.ts";

/** One end of a cable. */
export interface End {
  /** The namespace. */
  namespace: NamespaceHandle;
  /** The interface. */
  link: Link;
}

/** The other end of a veth pair, if it is in a namespace that we know. */
export function otherEnd({ before }: World, { namespace, link }: End):
  | End
  | undefined {
  for (const [other, { netns }] of before) {
    if ((other !== namespace) !== link.peerElsewhere) continue;
    const found = netns.links.find((each) => isOtherEnd(link, each));
    if (found) return { namespace: other, link: found };
  }
}

/** The interface that has an address, wherever it is. */
export function ownerOf({ before }: World, address: string): End | undefined {
  for (const [namespace, { netns }] of before) {
    const link = netns.links.find(({ addresses }) =>
      addresses.some((each) => each.split("/")[0] === address)
    );
    if (link) return { namespace, link };
  }
}

/** An interface by its name. */
export function endAt(
  { before }: World,
  namespace: NamespaceHandle,
  name: string,
): End | undefined {
  const link = before.get(namespace)?.netns.links
    .find((link) => link.name === name);
  return link && { namespace, link };
}

/** The interface of a sighting, as its namespace described it before. */
export function linkOf(
  world: World,
  { namespace, link }: { namespace: NamespaceHandle; link: string },
): Link | undefined {
  return endAt(world, namespace, link)?.link;
}

/**
 * The first thing that is wrong between an interface and the bridge (or the
 * other host) at the far end of its cable; undefined if all is well.
 */
export async function brokenCable(
  world: World,
  end: End,
): Promise<Finding | undefined> {
  const far = otherEnd(world, end);
  for (const each of far ? [end, far] : [end]) {
    if (!each.link.up) return await isDown(world, each);
  }
  const bridge = endAt(world, (far ?? end).namespace, far?.link.master ?? "");
  if (!far) return undefined;
  if (!bridge) {
    const isHost = far.link.addresses.some((each) => !/^fe80:/.test(each));
    if (far.link.kind === "bridge" || isHost) return;
    return {
      kind: "not-attached",
      sentence: t`${name(far)} is a port of no bridge: the cable of
    ${name(end)} ends there.`,
      evidence: [await showLink(world, far)],
    };
  }
  if (!bridge.link.up) return await isDown(world, bridge);
  const state = far.link.portState;
  if (state && state !== "forwarding") {
    return {
      kind: "port-blocked",
      sentence: t`Port ${name(far)} of ${bridge.link.name} does not forward:
    its state is ${state}.`,
      evidence: [
        await ask(
          world,
          far.namespace,
          shell`bridge link show dev ${far.link.name}`,
        ),
      ],
    };
  }
}

/** Two ports of a bridge that are both isolated: nothing passes between them. */
export async function isolated(
  world: World,
  one: End,
  other: End,
): Promise<Finding | undefined> {
  if (one.namespace !== other.namespace || one.link === other.link) {
    return undefined;
  }
  const shown = await Promise.all(
    [one, other].map(async ({ namespace, link }) => {
      const all = await ask(
        world,
        namespace,
        shell`bridge -d link show dev ${link.name}`,
      );
      return { ...all, shows: all.shows.match(/isolated on/)?.[0] ?? "" };
    }),
  );
  if (shown.some(({ shows }) => shows === "")) return undefined;
  return {
    kind: "port-blocked",
    sentence: t`Ports ${one.link.name} and ${other.link.name} are both
    isolated: ${one.link.master} passes nothing between them.`,
    evidence: shown,
  };
}

/** An interface that is down. */
export async function isDown(world: World, end: End): Promise<Finding> {
  return {
    kind: "link-down",
    sentence: t`${name(end)} is down.`,
    evidence: [await showLink(world, end)],
  };
}

async function showLink(world: World, { namespace, link }: End) {
  return await ask(
    world,
    namespace,
    shell`ip -brief link show dev ${link.name}`,
  );
}

/** An interface and where it is. */
export function name({ namespace, link }: End): string {
  return t`${link.name} in ${called(namespace.name)}`;
}

/** The interface that has a MAC address, if it is one that we know. */
export function endOfMac({ before }: World, mac: string): End | undefined {
  for (const [namespace, { netns }] of before) {
    const link = netns.links.find((link) => link.mac === mac);
    if (link) return { namespace, link };
  }
}
