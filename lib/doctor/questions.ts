/** What is worth asking of a namespace. */

import { isAddress } from "../net/ipv4.ts";
import type { Lab } from "./promised.ts";
import { mainLink } from "./link_faults.ts";
import type { Namespace } from "../net/namespace.ts";
import { Notes, Path } from "./path.ts";
import type { Question } from "./diagnosis.ts";
import { type End, segmentOf } from "./segment.ts";
import type { World } from "./world.ts";

/** Where the internet is, as far as these questions go. */
export const INTERNET = "8.8.8.8";

/** The lab's two computers. */
export const PAIR = ["ns1", "ns2"];

/**
 * The questions for a namespace: its neighbour, its gateway, the internet; or
 * the one that the user asks.
 */
export function questionsFor(
  world: World,
  space: Namespace,
  to: string | undefined,
  lab?: Lab,
): Question[] {
  const from = space.label;
  const tour = new Path(
    world,
    { from, to: "", about: "internet" },
    new Notes(),
    lab,
  );
  const card = mainLink(tour, space);
  const end = card && { space, iface: card };
  const gateway = lab?.gatewayOf(from) ?? (end && gatewayFor(tour, end));
  if (to !== undefined) return asked(tour, end, to, gateway);
  const neighbour = neighbourFor(tour, space, end);
  return [
    ...neighbour ? [{ from, about: "neighbour" as const, ...neighbour }] : [],
    ...gateway ? [{ from, to: gateway, about: "gateway" as const }] : [],
    { from, to: INTERNET, about: "internet" },
  ];
}

function gatewayFor(tour: Path, end: End): string | undefined {
  return tour.routerOn(segmentOf(tour.world, end), end) ??
    tour.defaultRoute(end.space);
}

/** The question for a target that the user names. */
function asked(
  tour: Path,
  end: End | undefined,
  to: string,
  gateway?: string,
): Question[] {
  const { from } = tour.question;
  const other = tour.world.others.find(({ label }) => label === to);
  const card = other && mainLink(tour, other);
  const address = other
    ? tour.lab?.finalAddress(to) ??
      (card && tour.addressOf({ space: other, iface: card })?.split("/")[0])
    : to;
  if (!address || !isAddress(address)) return [];
  if (address === gateway) return [{ from, to: address, about: "gateway" }];
  const near = end &&
    segmentOf(tour.world, end).ends.find(({ space }) =>
      space !== end.space && space.enter.length > 0 &&
      space.ifaces.some(({ addresses }) =>
        addresses.some(({ local }) => local === address)
      )
    );
  const name = other?.label ?? near?.space.label;
  const isNear = near || (other && tour.lab);
  return [{
    from,
    to: address,
    about: isNear ? "neighbour" : "internet",
    ...name ? { name } : {},
  }];
}

/** Another namespace on the same wire, or the lab's other computer. */
function neighbourFor(
  tour: Path,
  space: Namespace,
  end?: End,
): { to: string; name: string } | undefined {
  if (tour.lab) {
    const name = PAIR.find((each) => each !== space.label)!;
    const to = tour.lab.finalAddress(name);
    return to ? { to, name } : undefined;
  }
  if (!end) return undefined;
  for (const { space: other, iface } of segmentOf(tour.world, end).ends) {
    if (other === space || other.enter.length === 0) continue;
    const [address] = iface.addresses;
    if (address) return { to: address.local, name: other.label };
  }
}
