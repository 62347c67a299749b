/** Why a fault cannot be made on this machine. */

import type { Fault } from "./faults.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";

/** Programs that a fault takes, and that may not be installed. */
const PROGRAMS = ["nft", "tc", "iptables-legacy", "conntrack"];

/** For each fault the reason, or undefined where it can be made. */
export async function obstaclesOf(
  faults: readonly Fault[],
): Promise<(string | undefined)[]> {
  await using machine = await throwaway();
  return await Promise.all(faults.map((fault) => obstacle(fault, machine)));
}

async function obstacle(
  fault: Fault,
  machine: Throwaway,
): Promise<string | undefined> {
  const text = `${fault.code} ${fault.break.join(" ")}`;
  for (const program of PROGRAMS) {
    if (!text.includes(program)) continue;
    const look = ["sh", "-c", `command -v ${program}`];
    if ((await machine.exec(look)).code !== 0) return `no ${program} here`;
  }
  if (!fault.needs) return undefined;
  const { code, stderr } = await machine.run(fault.needs);
  return code === 0 ? undefined : stderr.trim();
}
