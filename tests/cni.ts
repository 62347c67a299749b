/** Containers' networks by the CNI bridge plugin, which others made. */

import { assertEquals } from "@std/assert";
import type { Throwaway } from "./throwaway.ts";

/** The plugin, as Debian's package containernetworking-plugins has it. */
export const CNI = "/usr/lib/cni/bridge";

/** Makes a namespace, and joins it to the network that `config` describes. */
export async function addByCni(
  { exec }: Pick<Throwaway, "exec">,
  name: string,
  config: string,
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
  ], config);
  assertEquals(code, 0, stdout + stderr);
}
