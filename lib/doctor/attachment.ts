/** Whether an end hangs on its wire: its cable, its port, its bridge. */

import { shell } from "../cli/shell.ts";
import { inside, linkOf } from "../net/namespace.ts";
import { linkDown } from "./link_faults.ts";
import type { Path } from "./path.ts";
import { bridgesOf, type End, otherEnd, segmentOf } from "./segment.ts";
import { t } from "../cli/translate.ts";

/**
 * Checks an end's cable up to the bridge.
 *
 * @param next an address that is meant to be on the same wire: it tells which
 * bridge the cable belongs into.
 * @returns whether frames get from the end into the bridge, and back.
 */
export function attachment(tour: Path, end: End, next: string): boolean {
  if (end.iface.bridge) return bridgeUp(tour, end);
  if (!end.iface.up) {
    linkDown(tour, end);
    return false;
  }
  const far = otherEnd(tour.world, end);
  if (!far) return true;
  if (!far.iface.up) {
    tour.add("host-end-down", {
      params: { who: end.space.label, dev: far.iface.name },
      look: {
        command: inside(far.space, shell`ip link show dev ${far.iface.name}`),
      },
      fix: [inside(far.space, shell`ip link set dev ${far.iface.name} up`)],
    });
  }
  const meant = meantBridge(tour, end, far, next);
  if (meant === undefined) return far.iface.up;
  const bridge = linkOf(far.space, meant);
  if (!bridge) {
    tour.add("bridge-missing", {
      params: { bridge: meant },
      look: { command: inside(far.space, shell`ip link show dev ${meant}`) },
      fix: tour.lab?.missing([meant]) ?? [],
    });
    return false;
  }
  if (far.iface.master !== meant) {
    const wrong = far.iface.master;
    const old = forget(tour, far, { space: far.space, iface: bridge });
    tour.add(wrong ? "bridge-port-elsewhere" : "bridge-port-missing", {
      params: {
        who: end.space.label,
        dev: far.iface.name,
        bridge: meant,
        wrong: wrong ?? "",
        forget: old.length
          ? t`; the others forget the bridge's MAC address, which changes with it`
          : "",
      },
      look: {
        command: inside(far.space, shell`ip link show dev ${far.iface.name}`),
      },
      fix: [
        inside(
          far.space,
          shell`ip link set dev ${far.iface.name} master ${meant}`,
        ),
        ...old,
      ],
    });
    return false;
  }
  if (!bridgeUp(tour, { space: far.space, iface: bridge })) return false;
  return far.iface.up && portOpen(tour, far, bridge.bridge!.stp);
}

/**
 * A bridge takes over the lowest MAC address among its ports. If a port that
 * joins changes it, those who know the bridge's old address have to forget it.
 */
function forget(tour: Path, port: End, bridge: End): string[] {
  if (port.iface.mac > bridge.iface.mac) return [];
  if (bridge.space.ifaces.every(({ addresses }) => addresses.length === 0)) {
    return [];
  }
  return segmentOf(tour.world, bridge).ends
    .filter(({ space }) => space !== bridge.space)
    .slice(0, 8)
    .map(({ space, iface }) =>
      inside(space, shell`ip neigh flush dev ${iface.name}`)
    );
}

/** The bridge that a cable's far end belongs to; undefined: to none. */
function meantBridge(
  tour: Path,
  end: End,
  far: End,
  next: string,
): string | undefined {
  const meant = tour.lab?.masterOf(far.iface.name);
  if (meant) return meant;
  const home = bridgesOf(far.space).find((bridge) =>
    tour.answering(segmentOf(tour.world, bridge), next, end).length > 0
  );
  if (far.iface.master) {
    const here = segmentOf(tour.world, end);
    const found = tour.answering(here, next, end).length > 0;
    return found || !home ? far.iface.master : home.iface.name;
  }
  // A cable straight to the machine, with no bridge between.
  const isDirect = far.iface.addresses.length > 0 ||
    far.space.routes.some(({ dev, table, to }) =>
      table === "main" && dev === far.iface.name && !to.includes(":")
    );
  if (isDirect) return undefined;
  return home?.iface.name ?? bridgesOf(far.space)[0]?.iface.name;
}

function bridgeUp(tour: Path, { space, iface }: End): boolean {
  if (iface.up) return true;
  tour.add("bridge-down", {
    params: { bridge: iface.name },
    look: { command: inside(space, shell`ip link show dev ${iface.name}`) },
    fix: [inside(space, shell`ip link set dev ${iface.name} up`)],
  });
  return false;
}

function portOpen(tour: Path, { space, iface }: End, stp: boolean): boolean {
  const show = {
    command: inside(space, shell`bridge -d link show dev ${iface.name}`),
  };
  const { state = "forwarding", locked } = iface.port ?? {};
  if (state !== "forwarding" && (iface.carrier || state !== "disabled")) {
    tour.add("port-blocked", {
      params: { dev: iface.name, state },
      look: show,
      fix: [
        ...stp
          ? [
            inside(
              space,
              shell`ip link set dev ${iface.master} type bridge stp_state 0`,
            ),
          ]
          : [],
        inside(space, shell`bridge link set dev ${iface.name} state 3`),
      ],
    });
    return false;
  }
  if (locked) {
    tour.add("port-locked", {
      params: { dev: iface.name },
      look: { ...show, line: "locked on" },
      fix: [inside(space, shell`bridge link set dev ${iface.name} locked off`)],
    });
  }
  return !locked;
}
