/** Whether a subnet is free on this machine. */

import { Problem } from "../cli/problem.ts";
import { addressTexts, type Link, type Namespace } from "../net/namespace.ts";
import type { Snapshot } from "../net/snapshot.ts";
import { overlap, readPrefix, type Subnet } from "../course/subnet.ts";
import { t } from "../cli/translate.ts";

/** A network, or a single address, that somebody uses. */
export interface Taken {
  /** As it is written, such as `10.0.0.0/8`. */
  range: string;
  /** Who uses it, as a short sentence. */
  who: string;
}

/**
 * Throws a {@linkcode Problem} that names both parties if the lab's subnet
 * overlaps an address or a route of the machine: the computers there could no
 * longer be reached.
 *
 * @param isLabs tells the lab's own links, which do not count.
 * @param more is what the machine uses beside its addresses and routes.
 */
export function checkFree(
  subnet: Subnet,
  { machine }: Snapshot,
  isLabs: (link: Link) => boolean,
  more: readonly Taken[] = [],
): void {
  const others = machine.links.filter((link) => !isLabs(link));
  const taken = [
    ...others.flatMap((link) =>
      addressTexts(link).map((range) => ({
        range,
        who: t`${link.name} has ${range}`,
      }))
    ),
    ...routesOf(machine, others),
    ...more,
  ];
  const party = (wanted: Subnet) =>
    taken.find(({ range }) => {
      const there = readPrefix(range);
      // 0.0.0.0/1 and its like are how some VPNs write "default".
      return there && there.prefix > 3 && overlap(wanted, there);
    });
  const found = party(subnet);
  if (!found) return;
  const free = PROPOSALS.find((text) => !party(readPrefix(text)!));
  throw new Problem(
    t`The lab's subnet ${subnet.text} is taken on this machine: ${found.who}.`,
    free
      ? t`Put the lab on another one: --subnet ${free}`
      : t`Put the lab on another one, with --subnet, or use --on sandbox.`,
  );
}

/** Subnets that few people use. */
const PROPOSALS = [
  "10.77.0.0/24",
  "172.27.77.0/24",
  "192.168.177.0/24",
  "10.177.77.0/24",
];

/** The routes of all tables: policy routing, as VPNs use it, has its own. */
function routesOf({ routes }: Namespace, others: Link[]): Taken[] {
  const names = new Set(others.map(({ name }) => name));
  return routes
    // Without a link it is a route to nowhere, such as `blackhole`.
    .filter(({ dev }) => dev === undefined || names.has(dev))
    .flatMap(({ to, dev, via, type, table }) => {
      const kind = type === "unicast" ? "" : `(${type}) `;
      const route = t`a route ${kind}to ${to}`;
      const where = (dev ? t` by ${dev}` : "") +
        (table === "main" ? "" : t` in table ${table}`);
      return [
        { range: to, who: route + where },
        // It may be told by its link alone (`onlink`).
        ...(via ? [{ range: via, who: t`${route} via ${via}${where}` }] : []),
      ];
    });
}
