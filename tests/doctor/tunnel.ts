/** A tunnel in a sandbox, as VPNs have it. */

import { assertEquals } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import type { Throwaway } from "../throwaway.ts";

/**
 * A tunnel as VPNs have it; false where nobody lets us make one. Not all may
 * open /dev/net/tun: root may from outside, and a sandbox's own root may not.
 */
export async function makeTunnel(lab: Throwaway): Promise<boolean> {
  const add = "ip tuntap add dev tun0 mode tun".split(" ");
  const into = ["nsenter", `--target=${lab.pid}`, "--net"];
  const { code } = await lab.exec(add);
  if (code !== 0 && (await run([...into, ...add])).code !== 0) return false;
  await sh(
    lab,
    `ip addr add 10.8.0.2/24 dev tun0
    ip link set dev tun0 up`,
  );
  return true;
}

/** Runs lines of a shell in a sandbox; fails where one does. */
export async function sh({ exec }: Throwaway, script: string): Promise<void> {
  const { code, stderr } = await exec(["sh", "-e"], script);
  assertEquals([code, stderr], [0, ""]);
}
