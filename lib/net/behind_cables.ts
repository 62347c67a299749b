/** Few namespaces of many: those that are asked for, and where their cables lead. */

import { runJson } from "../cli/json.ts";
import { type Namespace, quickIp } from "./namespace.ts";
import type { Namespaces } from "./read_namespaces.ts";
import { otherEnd } from "./segment.ts";

/** Which named namespaces are asked for. */
export interface Wanted {
  /** Those of these names. */
  names: readonly string[];
  /** Those that a veth of one of these names leads to, from one that is read. */
  cables: readonly string[];
}

/**
 * The names of the namespaces that cables lead to from those that were read,
 * where they are not among them. Asks the kernel only if there are any.
 *
 * @param cables the names of the cables' ends.
 */
export async function namesBehind(
  cables: readonly string[],
  { machine, others }: Namespaces,
): Promise<string[]> {
  const namespaces = [machine, ...others];
  const names = await Promise.all(
    namespaces.map(async (namespace) => {
      const netnsids = namespace.links
        .filter((link) =>
          cables.includes(link.name) && link.peerElsewhere &&
          !otherEnd({ namespaces }, { namespace, link })
        )
        .map(({ peerNetnsid }) => peerNetnsid);
      return netnsids.length ? await namesOf(netnsids, namespace) : [];
    }),
  );
  return [...new Set(names.flat())];
}

/** The names of namespaces that another one knows by these numbers. */
async function namesOf(
  netnsids: readonly (number | undefined)[],
  namespace: Namespace,
): Promise<string[]> {
  const known = await runJson<{ nsid: number; name?: string }[]>(
    [...quickIp(namespace), "-j", "netns", "list-id"].join(" "),
  );
  return known.filter(({ nsid }) => netnsids.includes(nsid))
    .flatMap(({ name }) => name ?? []);
}
