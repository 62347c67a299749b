/**
 * The switch `net.ipv4.ip_forward` of this machine, and what turns with it.
 *
 * Writing it also writes `forwarding` of every interface and, the other way
 * round, `conf.all.accept_redirects` (ip-sysctl.rst: "this variable is special,
 * its change resets all configuration parameters to their default state").
 * Who had set one of these by hand gets it back.
 */

import { parseToolJson } from "../../lib/json.ts";
import { run } from "../../lib/command.ts";
import type { Type } from "./notes.ts";

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
export async function intend(): Promise<ForwardingNote> {
  const [interfaces, redirects] = await Promise.all([
    forwarding(),
    readRedirects(),
  ]);
  return {
    what: "forwarding",
    old: interfaces.get("all") ?? false,
    redirects,
    forwarded: [...interfaces.keys()].filter((name) => interfaces.get(name)),
  };
}

/** The note, if the switch is on. */
export async function confirm(
  note: ForwardingNote,
): Promise<ForwardingNote | undefined> {
  return (await forwarding()).get("all") ? note : undefined;
}

/** Turns it back to what it was, if it still is as we left it. */
export async function remove(
  note: ForwardingNote,
  type: Type,
): Promise<string[]> {
  if (!note.old && (await forwarding()).get("all")) {
    await type("sysctl -w net.ipv4.ip_forward=0");
    await restoreRest(note, type);
  }
  return [];
}

/** Gives back what turned with the switch, which is as it was by now. */
export async function restoreRest(
  { redirects, forwarded }: ForwardingNote,
  type: Type,
): Promise<void> {
  const now = await forwarding();
  for (const name of forwarded) {
    if (now.get(name) === false) {
      // With slashes, since names such as eth0.100 hold a dot.
      await type(`sysctl -w net/ipv4/conf/${name}/forwarding=1`);
    }
  }
  if (await readRedirects() !== redirects) {
    await type(`sysctl -w net.ipv4.conf.all.accept_redirects=${redirects}`);
  }
}

/** By interface; `all` is what sysctl also calls ip_forward. */
async function forwarding(): Promise<Map<string, boolean>> {
  const { stdout } = await run("ip -4 -j netconf show".split(" "));
  const list: { interface: string; forwarding: boolean }[] = parseToolJson(
    stdout || "[]",
    "ip",
  );
  return new Map(list.map((each) => [each.interface, each.forwarding]));
}

async function readRedirects(): Promise<string> {
  const { stdout } = await run([
    "sysctl",
    "-n",
    "net.ipv4.conf.all.accept_redirects",
  ]);
  return stdout.trim();
}
