/** Whether a subnet is free on this machine. */

import { parseToolJson } from "./json.ts";
import { run } from "./command.ts";
import { Problem } from "./problem.ts";
import type { Link, Snapshot } from "./snapshot.ts";
import { overlap, readPrefix, type Subnet } from "./subnet.ts";

/**
 * Throws a {@linkcode Problem} that names both parties if the lab's subnet
 * overlaps an address or a route of the machine: the computers there could no
 * longer be reached.
 *
 * @param isLabs tells the lab's own links, which do not count.
 */
export async function checkFree(
  subnet: Subnet,
  { machine }: Snapshot,
  isLabs: (link: Link) => boolean,
): Promise<void> {
  const others = machine.links.filter((link) => !isLabs(link));
  const taken = [
    ...others.flatMap(({ name, addresses }) =>
      addresses.map((range) => ({ range, who: `${name} has ${range}` }))
    ),
    ...await routes(others),
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
    `The lab's subnet ${subnet.text} is taken on this machine: ${found.who}.`,
    free
      ? `Put the lab on another one: --subnet ${free}`
      : "Put the lab on another one, with --subnet, or use --on sandbox.",
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
async function routes(
  others: Link[],
): Promise<{ range: string; who: string }[]> {
  const { stdout } = await run("ip -4 -j route show table all".split(" "));
  const names = new Set(others.map(({ name }) => name));
  const list: { dst: string; dev?: string; type?: string; table?: string }[] =
    parseToolJson(stdout || "[]", "ip");
  return list
    // Without a link it is a route to nowhere, such as `blackhole`.
    .filter(({ dev }) => dev === undefined || names.has(dev))
    .map(({ dst, dev, type, table }) => ({
      range: dst,
      who: `a route ${type ? `(${type}) ` : ""}to ${dst}` +
        (dev ? ` by ${dev}` : "") + (table ? ` in table ${table}` : ""),
    }));
}
