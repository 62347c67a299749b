/**
 * The reverse path filter: a packet is thrown away if its source would not be
 * reached by the interface that it came in by, see rp_filter in
 * {@link https://docs.kernel.org/networking/ip-sysctl.html ip-sysctl}.
 */

import { shell } from "../cli/shell.ts";
import type { Finding } from "./cause_kinds.ts";
import type { Sighting } from "./sighting.ts";
import { called } from "./namespaces.ts";
import { risenCounters } from "./counters.ts";
import type { FullEvidence } from "./evidence.ts";
import { ask, setting } from "./world.ts";
import { t } from "../cli/translate.ts";

/** If that is what happened: the kernel counts it. */
export async function reversePath(
  { world }: FullEvidence,
  { namespace, link, src, dst }: Sighting,
): Promise<Finding | undefined> {
  const refused = risenCounters(world, namespace, "TcpExt.IPReversePathFilter");
  if (refused.length === 0) return undefined;
  const back = await ask(world, namespace, shell`ip route get ${src}`);
  return {
    kind: "reverse-path",
    sentence: t`It came in by ${link}, but ${called(namespace.name)} would not
    reach its source ${src} that way: the reverse path filter drops it.`,
    evidence: [
      back,
      setting(world, namespace, "net.ipv4.conf.all.rp_filter"),
      setting(
        world,
        namespace,
        `net.ipv4.conf.${link.replace(/\./g, "/")}.rp_filter`,
      ),
      ...refused,
      await ask(
        world,
        namespace,
        shell`ip route get ${dst} from ${src} iif ${link}`,
      ),
    ],
  };
}
