/** One address in two places. */

import { shell } from "../cli/shell.ts";
import { holder, inside, type Namespace } from "../net/namespace.ts";
import { type End, segmentOf } from "../net/segment.ts";
import type { Path } from "./path.ts";

/** One address in two places: takes it away where it is not meant to be. */
export function duplicate(
  path: Path,
  address: string,
  right: Namespace,
  intruder: Namespace,
): void {
  const card = holder(intruder, address)!;
  const held = card.addresses.find(({ local }) => local === address)!;
  const meant = path.lab?.addressOf(path.nameOf(intruder), card.name);
  const keeps = card.addresses.some(({ local, length }) =>
    `${local}/${length}` === meant
  );
  const isLast = card.addresses.length === 1;
  path.add("address-duplicate", {
    params: { address, who: right.label, other: intruder.label },
    look: [
      {
        command: inside(
          intruder,
          shell`ip -4 -brief addr show dev ${card.name}`,
        ),
        line: address,
      },
      {
        command: inside(right, "ip -4 -brief addr show"),
        line: address,
      },
    ],
    fix: [
      inside(
        intruder,
        shell`ip addr del ${address}/${held.length} dev ${card.name}`,
      ),
      ...meant && !keeps
        ? [
          inside(intruder, shell`ip addr add ${meant} dev ${card.name}`),
          ...isLast
            ? path.defaultRouteFix({
              namespace: { ...intruder, routes: [] },
              link: card,
            })
            : [],
        ]
        : [],
      // Whoever believed the wrong one goes on doing so for some time.
      ...believers(path, { namespace: intruder, link: card }, right)
        .map((namespace) =>
          inside(namespace, shell`ip neigh flush to ${address}`)
        ),
    ],
  });
}

/** The others on a segment, apart from two; of many the first few. */
function believers(path: Path, end: End, right: Namespace): Namespace[] {
  const namespaces = segmentOf(path.network, end).ends.map(({ namespace }) =>
    namespace
  );
  return [...new Set(namespaces)]
    .filter((namespace) => namespace !== right && namespace !== end.namespace)
    .slice(0, 8);
}

/** An address that is `who`'s is held by this namespace as well. */
export function duplicateHere(
  path: Path,
  namespace: Namespace,
  to: string,
  who: string,
): void {
  const card = holder(namespace, to);
  const held = card?.addresses.find(({ local }) => local === to);
  if (!card || !held) return;
  path.add("address-duplicate", {
    params: {
      address: to,
      who,
      other: namespace.label,
    },
    look: {
      command: inside(
        namespace,
        shell`ip -4 -brief addr show dev ${card.name}`,
      ),
      line: to,
    },
    fix: [
      inside(
        namespace,
        shell`ip addr del ${to}/${held.length} dev ${card.name}`,
      ),
    ],
  });
}
