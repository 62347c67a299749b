/** What a bridge did with a packet. */

import { shell } from "../cli/shell.ts";
import type { Action } from "./evidence.ts";
import type { Facts } from "./evidence.ts";
import type { Sighting } from "./sighting.ts";
import { linkOf } from "./cables.ts";
import { ask } from "./world.ts";
import { t } from "../cli/translate.ts";

/** From port to port: by what the bridge has learned, or to all of them. */
export async function switched(
  { world, seen }: Facts,
  at: Sighting,
  before: Sighting,
  bridge: string,
): Promise<Action[]> {
  const { namespace, dstMac } = at;
  const fdb = await ask(world, namespace, shell`bridge fdb show br ${bridge}`);
  const entry = fdb.shows.split("\n").find((line) =>
    line.startsWith(`${dstMac} dev ${at.link} `)
  );
  if (entry) {
    const how = / (static|permanent)/.test(entry) ? t`was told of` : "learned";
    const sentence =
      t`${bridge} switches it to ${at.link}, where it ${how} ${dstMac}`;
    return [{ namespace, what: "switched", sentence, because: entry }];
  }
  const ports = seen.filter((each) =>
    each.namespace === namespace && each.direction === "out" &&
    each.role === at.role && each.srcMac === before.srcMac &&
    linkOf(world, each)?.master === bridge
  );
  if (ports[0] !== at) return []; // Said at the first of them.
  const sentence = t`${bridge} does not know ${dstMac}: it floods it to ${
    ports.map(({ link }) => link).join(", ")
  }`;
  return [{ namespace, what: "flooded", sentence }];
}
