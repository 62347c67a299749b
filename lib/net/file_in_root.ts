/**
 * A file of somebody else's root folder, whose owner may wish us ill: of a
 * container's, say. The kernel would follow an absolute link in there to the
 * same name on this machine, and wait for ever at a FIFO.
 */

import { run, whyFailed } from "../cli/command.ts";
import { t } from "../cli/translate.ts";

/** What a file holds, or why that is not known. */
export type Content = { text: string } | { unreadable: string };

/**
 * Reads at most 64 KiB of a regular file below `root`, as whoever lives there
 * sees it: links are resolved by hand and never lead out. Nothing but this
 * machine's own programs is run.
 *
 * Whoever changes folders into links while we read can have us read another
 * file than the one we looked at; that is a regular one, too, or it is refused.
 *
 * @param root a folder, such as `/proc/1234/root`; "" for this machine's own.
 * @param path from there, such as `/etc/resolv.conf`.
 */
export async function readFileInRoot(
  root: string,
  path: string,
): Promise<Content> {
  let resolved: string[] = [];
  const todo = split(path);
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const part = todo.shift();
    if (part === undefined) return { unreadable: t`it is a folder` };
    if (part === "..") {
      resolved.pop(); // The root's own parent is the root.
      continue;
    }
    const here = `${root}/${[...resolved, part].join("/")}`;
    // Deno itself reads nothing in /proc without all permissions.
    const seen = await run(["stat", "-c", "%F", "--", here]);
    if (seen.code !== 0) return { unreadable: whyFailed(seen) };
    const kind = seen.stdout.trim();
    if (kind === "symbolic link") {
      const { code, stdout } = await run(["readlink", "-n", "--", here]);
      if (code !== 0) return { unreadable: t`${here} changes all the time` };
      if (stdout.startsWith("/")) resolved = [];
      todo.unshift(...split(stdout));
    } else if (kind === "directory") resolved.push(part);
    else if (todo.length > 0) return { unreadable: t`${here} is no folder` };
    else if (kind.startsWith("regular")) return await readRegular(here);
    else return { unreadable: t`${here} is no file, but a ${kind}` };
  }
  return {
    unreadable: t`more than ${MOST_STEPS} folders and links lead to it`,
  };
}

/** No file of a sane system takes so many folders and links. */
const MOST_STEPS = 100;
/** More than any resolver reads. */
const MOST_BYTES = 65536;

async function readRegular(path: string): Promise<Content> {
  // It may be another thing by now: no link is followed, no FIFO waited for.
  const result = await run([
    "dd",
    `if=${path}`,
    "iflag=nofollow,nonblock,fullblock,count_bytes",
    `count=${MOST_BYTES}`,
    "status=none",
  ]);
  return result.code === 0
    ? { text: result.stdout }
    : { unreadable: whyFailed(result) };
}

const split = (path: string): string[] =>
  path.split("/").filter((part) => part !== "" && part !== ".");
