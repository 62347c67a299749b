/** Containers' networks by the CNI bridge plugin, which others made. */

import { assertEquals } from "@std/assert";
import type { Throwaway } from "../throwaway.ts";

/** The plugin, as Debian's package containernetworking-plugins has it. */
export const CNI = "/usr/lib/cni/bridge";

/** One bridge, cni0, that holds the gateway's address: 10.22.0.1. */
const CONFIG = JSON.stringify({
  cniVersion: "0.4.0",
  name: "lab",
  type: "bridge",
  bridge: "cni0",
  isGateway: true,
  ipMasq: true,
  ipam: {
    type: "host-local",
    subnet: "10.22.0.0/24",
    dataDir: "/run/cni",
    routes: [{ dst: "0.0.0.0/0" }],
  },
});

/** Makes a namespace, and joins it to that network. */
export async function addByCni(
  { exec }: Pick<Throwaway, "exec">,
  name: string,
): Promise<void> {
  await exec(["ip", "netns", "add", name]);
  const { code, stdout, stderr } = await exec([
    "env",
    "CNI_PATH=/usr/lib/cni",
    "CNI_COMMAND=ADD",
    "CNI_IFNAME=eth0",
    `CNI_CONTAINERID=${name}`,
    `CNI_NETNS=/run/netns/${name}`,
    CNI,
  ], CONFIG);
  assertEquals(code, 0, stdout + stderr);
}
