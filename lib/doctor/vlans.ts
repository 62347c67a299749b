/** A bridge that keeps its ports apart by VLAN. */

import { shell } from "../cli/shell.ts";
import { parseToolJson } from "../cli/json.ts";
import { run } from "../cli/command.ts";
import { inside, type Link } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import type { Path } from "./path.ts";

/** Puts down two ports that frames pass between, and that are in different VLANs. */
export async function vlans(
  path: Path,
  { namespace, link: bridge }: End,
  port: Link | undefined,
  out: Link | undefined,
): Promise<void> {
  const { code, stdout } = await run([
    ...namespace.enter,
    ..."bridge -j vlan show".split(" "),
  ]);
  if (code !== 0) return;
  const table: {
    ifname: string;
    vlans: { vlan: number; vlanEnd?: number; flags?: string[] }[];
  }[] = parseToolJson(stdout, "bridge");
  const of = (name: string) =>
    table.find(({ ifname }) => ifname === name)?.vlans ?? [];
  const own = (name: string) =>
    of(name).find(({ flags }) => flags?.includes("PVID"))?.vlan;
  const [a, b] = [port?.name ?? bridge.name, out?.name ?? bridge.name];
  if (own(a) !== undefined && own(a) === own(b)) return;
  const [odd, vlan] = own(a) === undefined
    ? [a, own(b) ?? 1]
    : own(b) === undefined
    ? [b, own(a)!]
    : own(a) === 1
    ? [b, 1]
    : [a, own(b)!];
  const self = odd === bridge.name ? "self" : "";
  path.add("vlan-mismatch", {
    params: {
      dev: odd,
      other: odd === a ? b : a,
      bridge: bridge.name,
      vlan: `${vlan}`,
    },
    look: {
      command: inside(namespace, shell`bridge vlan show dev ${odd}`),
      line: odd,
    },
    fix: [
      inside(
        namespace,
        shell`bridge vlan add dev ${odd} vid ${vlan} pvid untagged ${self}`,
      ),
    ],
  });
}
