/** A lab remembers its subnet, so that later commands need not repeat it. */

import { Problem } from "./problem.ts";
import { PRINTED_SUBNET, readPrefix, type Subnet } from "./subnet.ts";

/** Where a machine keeps what it must know of its lab. Gone with a reboot. */
export const NOTES = "/run/docker0-by-hand";

const NOTE = `${NOTES}/subnet`;

/** The subnet that this machine's lab was put on, if it was put anywhere. */
export function notedSubnet(): Subnet | undefined {
  try {
    return readPrefix(Deno.readTextFileSync(NOTE).trim());
  } catch {
    return undefined;
  }
}

/** Remembers the lab's subnet. */
export function noteSubnet({ text }: Subnet): void {
  if ((notedSubnet() ?? PRINTED_SUBNET).text === text) return;
  try {
    Deno.mkdirSync(NOTES, { recursive: true });
    Deno.writeTextFileSync(NOTE, `${text}\n`);
  } catch (error) {
    throw new Problem(
      `Cannot write down the lab's subnet: ${(error as Error).message}.`,
      "Nothing was run. Make room there, or use the subnet of the pages.",
    );
  }
}
