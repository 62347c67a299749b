/** Whether an end hangs on its segment: its cable, its port, its bridge. */

import { covers } from "../net/ipv4.ts";
import { shell } from "../cli/shell.ts";
import { inside, linkOf } from "../net/namespace.ts";
import { linkDown } from "./link_faults.ts";
import type { Path } from "./path.ts";
import { bridgesOf, type End, otherEnd, segmentOf } from "../net/segment.ts";
import { t } from "../cli/translate.ts";

/**
 * Checks an end's cable up to the bridge.
 *
 * @param next an address that is meant to be on the same segment: it tells which
 * bridge the cable belongs into.
 * @returns whether frames get from the end into the bridge, and back.
 */
export function attachment(path: Path, end: End, next: string): boolean {
  if (end.link.bridge) return bridgeUp(path, end);
  if (!end.link.up) {
    linkDown(path, end);
    return false;
  }
  const far = otherEnd(path.network, end);
  if (!far) return true;
  if (!far.link.up) {
    path.add("host-end-down", {
      params: { who: end.namespace.label, dev: far.link.name },
      look: {
        command: inside(
          far.namespace,
          shell`ip link show dev ${far.link.name}`,
        ),
      },
      fix: [inside(far.namespace, shell`ip link set dev ${far.link.name} up`)],
    });
  }
  const meant = meantBridge(path, end, far, next);
  if (meant === undefined) return far.link.up;
  const bridge = linkOf(far.namespace, meant);
  if (!bridge) {
    path.add("bridge-missing", {
      params: { bridge: meant },
      look: {
        command: inside(far.namespace, shell`ip link show dev ${meant}`),
      },
      fix: path.lab?.missing([meant]) ?? [],
    });
    return false;
  }
  if (far.link.master !== meant) {
    const wrong = far.link.master;
    const old = forget(path, far, { namespace: far.namespace, link: bridge });
    path.add(wrong ? "bridge-port-elsewhere" : "bridge-port-missing", {
      params: {
        who: end.namespace.label,
        dev: far.link.name,
        bridge: meant,
        wrong: wrong ?? "",
        forget: old.length
          ? t`; the others forget the bridge's MAC address, which changes with it`
          : "",
      },
      look: {
        command: inside(
          far.namespace,
          shell`ip link show dev ${far.link.name}`,
        ),
      },
      fix: [
        inside(
          far.namespace,
          shell`ip link set dev ${far.link.name} master ${meant}`,
        ),
        ...old,
      ],
    });
    return false;
  }
  if (!bridgeUp(path, { namespace: far.namespace, link: bridge })) return false;
  return far.link.up && portOpen(path, far, bridge.bridge!.stp);
}

/**
 * A bridge takes over the lowest MAC address among its ports. If a port that
 * joins changes it, those who know the bridge's old address have to forget it.
 */
function forget(path: Path, port: End, bridge: End): string[] {
  if (port.link.mac > bridge.link.mac) return [];
  if (bridge.namespace.links.every(({ addresses }) => addresses.length === 0)) {
    return [];
  }
  return segmentOf(path.network, bridge).ends
    .filter(({ namespace }) => namespace !== bridge.namespace)
    .slice(0, 8)
    .map(({ namespace, link }) =>
      inside(namespace, shell`ip neigh flush dev ${link.name}`)
    );
}

/** The bridge that a cable's far end belongs to; undefined: to none. */
function meantBridge(
  path: Path,
  end: End,
  far: End,
  next: string,
): string | undefined {
  const meant = path.lab?.masterOf(far.link.name);
  if (meant) return meant;
  const home = bridgesOf(far.namespace).find((bridge) =>
    path.answering(segmentOf(path.network, bridge), next, end).length > 0
  );
  if (far.link.master) {
    const here = segmentOf(path.network, end);
    const found = path.answering(here, next, end).length > 0;
    return found || !home ? far.link.master : home.link.name;
  }
  // A cable straight to the machine, with no bridge between.
  const isDirect = far.link.addresses.length > 0 ||
    far.namespace.routes.some(({ dev, table, to }) =>
      table === "main" && dev === far.link.name && !to.includes(":")
    );
  if (isDirect) return undefined;
  return (home ??
    bridgesOf(far.namespace).find((bridge) => isAmong(path, bridge, end, next)))
    ?.link.name;
}

/** Whether a bridge joins those of the network that an end, or its neighbour, is in. */
function isAmong(path: Path, bridge: End, end: End, next: string): boolean {
  const [own] = end.link.addresses;
  return segmentOf(path.network, bridge).ends.some(({ namespace, link }) =>
    namespace !== end.namespace &&
    link.addresses.some(({ local, length }) =>
      covers(`${local}/${length}`, own?.local ?? next) ||
      covers(`${local}/${length}`, next)
    )
  );
}

function bridgeUp(path: Path, { namespace, link }: End): boolean {
  if (link.up) return true;
  path.add("bridge-down", {
    params: { bridge: link.name },
    look: { command: inside(namespace, shell`ip link show dev ${link.name}`) },
    fix: [inside(namespace, shell`ip link set dev ${link.name} up`)],
  });
  return false;
}

function portOpen(path: Path, { namespace, link }: End, stp: boolean): boolean {
  const show = {
    command: inside(namespace, shell`bridge -d link show dev ${link.name}`),
  };
  const { state = "forwarding", locked } = link.port ?? {};
  if (state !== "forwarding" && (link.carrier || state !== "disabled")) {
    path.add("port-blocked", {
      params: { dev: link.name, state },
      look: show,
      fix: [
        ...stp
          ? [
            inside(
              namespace,
              shell`ip link set dev ${link.master} type bridge stp_state 0`,
            ),
          ]
          : [],
        inside(namespace, shell`bridge link set dev ${link.name} state 3`),
      ],
    });
    return false;
  }
  if (locked) {
    path.add("port-locked", {
      params: { dev: link.name },
      look: { ...show, line: "locked on" },
      fix: [
        inside(namespace, shell`bridge link set dev ${link.name} locked off`),
      ],
    });
  }
  return !locked;
}
