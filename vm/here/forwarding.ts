/**
 * The switch `net.ipv4.ip_forward` of this machine, and what turns with it.
 *
 * Writing it also writes `forwarding` of every interface and, the other way
 * round, `conf.all.accept_redirects` (ip-sysctl.rst: "this variable is special,
 * its change resets all configuration parameters to their default state").
 * Who had set one of these by hand gets it back.
 */

import { runJson } from "../../lib/cli/json.ts";
import { Problem } from "../../lib/cli/problem.ts";
import type { Left } from "./removal.ts";
import type { Type } from "./removal.ts";
import { readSysctl } from "./sysctl.ts";
import { t } from "../../lib/cli/translate.ts";

/** What the machine had. */
export interface ForwardingNote {
  /** The kind of note. */
  what: "forwarding";
  /** The switch, before. */
  old: boolean;
  /** `conf.all.accept_redirects`, before. */
  redirects: string;
  /** The interfaces that forwarded, and `default` for those to come. */
  forwarded: string[];
}

/** Reads the switch and what turns with it. */
export async function reserve(): Promise<ForwardingNote> {
  const [interfaces, redirects] = await Promise.all([
    forwarding(),
    readRedirects(),
  ]);
  return {
    what: "forwarding",
    old: isOn(interfaces),
    redirects,
    forwarded: [...interfaces.keys()].filter((name) => interfaces.get(name)),
  };
}

/** The note, if the switch is on. */
export async function confirm(
  note: ForwardingNote,
): Promise<ForwardingNote | undefined> {
  return isOn(await forwarding()) ? note : undefined;
}

/** Turns it back to what it was, if it still is as we left it. */
export async function remove(
  note: ForwardingNote,
  type: Type,
): Promise<Left[]> {
  if (note.old) return [];
  if (isOn(await forwarding())) await type("sysctl -w net.ipv4.ip_forward=0");
  await restoreRest(note, type);
  if (!isOn(await forwarding())) return [];
  const text =
    t`net.ipv4.ip_forward = 1: \`sysctl -w net.ipv4.ip_forward=0\` said nothing, and it is on.`;
  return [{ text, isOurs: true }];
}

/**
 * Gives back what turned with the switch, where that is off by now: also after
 * a command that turned it off and was killed then.
 */
export async function restoreRest(
  { redirects, forwarded }: ForwardingNote,
  type: Type,
): Promise<void> {
  const now = await forwarding();
  if (isOn(now)) return;
  for (const name of forwarded) {
    if (now.get(name) === false) {
      // With slashes, since names such as eth0.100 hold a dot.
      await type(`sysctl -w net/ipv4/conf/${name}/forwarding=1`);
    }
  }
  // Turned off, the switch writes a 1. Whatever else is there, others wrote.
  if (redirects !== "1" && await readRedirects() === "1") {
    await type(`sysctl -w ${REDIRECTS}=${redirects}`);
  }
}

/** By interface; `all` is what sysctl also calls ip_forward. */
async function forwarding(): Promise<Map<string, boolean>> {
  const list = await runJson<{ interface: string; forwarding: boolean }[]>(
    "ip -4 -j netconf show",
  );
  return new Map(list.map((each) => [each.interface, each.forwarding]));
}

function isOn(interfaces: Map<string, boolean>): boolean {
  const all = interfaces.get("all");
  if (all !== undefined) return all;
  throw new Problem(t`\`ip -4 -j netconf show\`: it did not tell of \`all\`.`);
}

const REDIRECTS = "net.ipv4.conf.all.accept_redirects";

async function readRedirects(): Promise<string> {
  const value = await readSysctl(REDIRECTS);
  if (value !== undefined) return value;
  throw new Problem(t`\`sysctl -n ${REDIRECTS}\`: this kernel has none.`);
}
