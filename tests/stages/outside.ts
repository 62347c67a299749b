/** What `outside` sees: its own firewall counts, and drops nothing. */

import type { Throwaway } from "../throwaway.ts";

/**
 * Runs `work` and returns how many echo requests for 8.8.8.8 reached
 * `outside` meanwhile, by the source address that they came with.
 */
export async function requestsSeen(
  lab: Throwaway,
  sources: readonly string[],
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const rule = (source: string) =>
    `INPUT -s ${source}/32 -d 8.8.8.8/32 -p icmp -m icmp --icmp-type 8`;
  for (const source of sources) {
    await lab.run(`ip netns exec outside iptables -A ${rule(source)}`);
  }
  await work();
  const { stdout } = await lab.run("ip netns exec outside iptables-save -c");
  return Object.fromEntries(sources.map((source) => {
    const line = stdout.split("\n").find((line) => line.includes(rule(source)));
    return [source, Number(line?.match(/^\[(\d+):/)?.[1])];
  }));
}
