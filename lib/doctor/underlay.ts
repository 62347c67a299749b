/** What carries a virtual link: the network under a VXLAN, the parent of a macvlan. */

import { parseToolJson } from "../cli/json.ts";
import { shell, shellWords } from "../cli/shell.ts";
import { tryRun } from "../net/firewall/read.ts";
import { holder, inside } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import { walk } from "../walk/walk.ts";
import { explainLoss } from "./loss.ts";
import type { Path } from "./path.ts";

/** VXLAN's own port in Linux, see ip-link(8). */
const VXLAN_PORT = 8472;

/**
 * Puts down why what leaves by a virtual link cannot get any further.
 *
 * @param next the neighbour that it is handed to.
 * @returns whether anything was put down.
 */
export async function underlay(
  path: Path,
  { namespace, link }: End,
  next: string,
): Promise<boolean> {
  const found = path.notes.count;
  const show = inside(namespace, shell`ip -d link show dev ${link.name}`);
  const parent = holder(path.network.machine, next);
  if (link.kind === "macvlan" && parent) {
    path.add("macvlan-parent", {
      params: { who: namespace.label, dev: link.name, to: next },
      look: { command: show, line: "macvlan" },
    });
  }
  if (link.kind === "vxlan") await outerPacket(path, { namespace, link });
  return path.notes.count > found;
}

/** The UDP packet that a frame is put into, on its own way. */
async function outerPacket(
  path: Path,
  { namespace, link }: End,
): Promise<void> {
  const command = inside(namespace, shell`ip -j -d link show dev ${link.name}`);
  const told = await tryRun(shellWords(command));
  const [json] = parseToolJson(told?.stdout || "[]");
  const { remote, local, port } = json?.linkinfo?.info_data ?? {};
  if (typeof remote !== "string") return;
  const trips = await walk(path.network, namespace, {
    protocol: "udp",
    dst: remote,
    dport: Number(port ?? VXLAN_PORT),
    ...typeof local === "string" ? { src: local } : {},
  });
  for (const { request } of trips) {
    if (request.outcome.end !== "dropped") continue;
    await explainLoss(path, {
      leg: request,
      from: namespace,
      to: remote,
      request,
    });
  }
}
