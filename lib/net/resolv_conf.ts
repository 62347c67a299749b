/** Whom somebody asks for names: his resolv.conf, see resolv.conf(5). */

import { ownWords, run } from "../cli/command.ts";
import { t } from "../cli/translate.ts";
import type { Engine } from "./engines.ts";
import { type Content, readFileInRoot } from "./file_in_root.ts";

/** Whose resolv.conf is meant. */
export type Resolving =
  /** A container, by the engine's own word for where its file is. */
  | { engine: Engine; container: string }
  /** A process, as it sees its own root. */
  | { pid: number }
  /** What `ip netns exec` starts in a named namespace; "" on the machine. */
  | { netns: string };

/**
 * Reads it, 64 KiB at the most. The files of a container are its own to change,
 * and it may wish us ill: see file_in_root.ts.
 */
export async function readResolvConf(whose: Resolving): Promise<Content> {
  if ("pid" in whose) {
    return await readFileInRoot(`/proc/${whose.pid}/root`, RESOLV_CONF);
  }
  if ("netns" in whose) {
    // ip-netns(8) puts this one in the other's place.
    const own = whose.netns &&
      await readFileInRoot("", `/etc/netns/${whose.netns}/resolv.conf`);
    return own && "text" in own ? own : await readFileInRoot("", RESOLV_CONF);
  }
  const { engine, container } = whose;
  const told = await run(
    [engine, "inspect", "--format", "{{.ResolvConfPath}}", container],
  );
  const path = told.stdout.trim();
  if (told.code === 0 && path.startsWith("/")) {
    return await readFileInRoot("", path);
  }
  const words = ownWords(told.stderr) || t`it keeps none`;
  return { unreadable: t`${engine} does not say where it is: ${words}` };
}

/** The name servers of a resolv.conf, in order, see resolv.conf(5). */
export function nameServers(text: string): string[] {
  return [...text.matchAll(/^nameserver[ \t]+(\S+)/gm)].map(([, each]) => each);
}

const RESOLV_CONF = "/etc/resolv.conf";
