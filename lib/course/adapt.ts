/**
 * The stages as they read on this machine. The pages say eth0 and
 * 192.168.0.0/24; elsewhere the uplink has another name, and the lab may have
 * been put on another subnet.
 */

import type { Stage } from "./stage.ts";
import { addressIn, PRINTED_SUBNET, type Subnet } from "./subnet.ts";

/** What differs from machine to machine. */
export interface Surroundings {
  /** The interface that holds the default route; by default eth0. */
  uplink?: string;
  /** The lab's subnet; by default that of the pages. */
  subnet?: Subnet;
  /**
   * What a command calls the machine's own network namespace, see home_namespace.ts; by
   * default it is that of process 1.
   */
  home?: string;
}

/** The stages with the uplink's real name, and on the lab's subnet. */
export function adapt(
  stages: readonly Stage[],
  surroundings: Surroundings,
): readonly Stage[] {
  if (differences(surroundings).length === 0) return stages;
  const change = (text: string) => adaptText(text, surroundings);
  return stages.map((stage) => mapTexts(stage, change));
}

/** A text of the pages, such as a command line, adapted in the same way. */
export function adaptText(
  text: string,
  { uplink = "eth0", subnet = PRINTED_SUBNET, home = "1" }: Surroundings,
): string {
  return text
    .replace(/(?<=\bnetns )1$/, () => home)
    .replace(/(?<=-o )eth0\b/, () => uplink)
    .replace(/\b192\.168\.0\.0\/24/g, subnet.text)
    .replace(
      /\b192\.168\.0\.(1|2|100)\b(\/24)?/g,
      (_, last, prefix) =>
        addressIn(subnet, Number(last)) + (prefix ? `/${subnet.prefix}` : ""),
    );
}

/** What the pages say and what the commands say instead, if they differ. */
export function differences(
  { uplink = "eth0", subnet = PRINTED_SUBNET, home = "1" }: Surroundings,
): { pages: string; commands: string }[] {
  return [
    { pages: "eth0", commands: uplink },
    { pages: PRINTED_SUBNET.text, commands: subnet.text },
    { pages: "netns 1", commands: `netns ${home}` },
  ].filter(({ pages, commands }) => pages !== commands);
}

/** The same stage with every text passed through `change`. */
function mapTexts(stage: Stage, change: (text: string) => string): Stage {
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return change(value);
    if (Array.isArray(value)) return value.map(deep);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, deep(part)]),
    );
  };
  return deep(stage) as Stage;
}
