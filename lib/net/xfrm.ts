/** Policies of IPsec, which may block a packet apart from all firewalls. */

import { shell } from "../cli/shell.ts";
import { run } from "../cli/command.ts";
import { covers } from "./ipv4.ts";
import { inside, type Namespace, quickIp } from "./namespace.ts";

/** A policy that blocks what it matches, see ip-xfrm(8). */
export interface Block {
  /** `in`, `out` or `fwd`. */
  direction: string;
  /** The command that lists it. */
  show: string;
  /** Its line there. */
  line: string;
  /** The command that deletes it. */
  remove: string;
}

/** The policy of a namespace that blocks packets between one of these and another. */
export async function blockingPolicy(
  namespace: Namespace,
  ones: readonly string[],
  other: string,
): Promise<Block | undefined> {
  const { stdout } = await run([...quickIp(namespace), "xfrm", "policy"]);
  // "src A dst B" and, indented, "dir out action block priority 0 …".
  for (const [line, src, dst, direction] of stdout.matchAll(POLICY)) {
    const is = (a: string, b: string) => covers(src, a) && covers(dst, b);
    if (!ones.some((one) => is(one, other) || is(other, one))) continue;
    return {
      direction,
      show: inside(namespace, "ip xfrm policy"),
      line: line.replace(/\s+/g, " "),
      remove: inside(
        namespace,
        shell`ip xfrm policy del src ${src} dst ${dst} dir ${direction}`,
      ),
    };
  }
}

const POLICY = /^src (\S+) dst (\S+).*\n\s+dir (\w+) action block.*/gm;
