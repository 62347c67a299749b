/** How to name, from inside another one, the network namespace that we are in. */

import { run, whyFailed } from "../cli/command.ts";
import { exists } from "../cli/files.ts";
import { Problem } from "../cli/problem.ts";
import { t } from "../cli/translate.ts";

/**
 * What `ip link set … netns` takes for the machine's own namespace. The pages
 * say `netns 1`, that of process 1. It is another one wherever somebody has
 * gone elsewhere before: into `unshare -n`, `ip netns exec`, or a container
 * that sees the host's processes. Then it is named by our own process.
 */
export async function homeNamespace(): Promise<string> {
  const own = `/proc/${Deno.pid}/ns/net`;
  const [home, first, named] = await Promise.all(
    ["/proc/self/ns/net", "/proc/1/ns/net", own].map(inode),
  );
  if (home.inode === undefined) {
    throw new Problem(
      t`Cannot tell which network namespace this is: ${home.words}.`,
    );
  }
  // A namespace that is called 1 comes first.
  if (first.inode === home.inode && !exists("/run/netns/1")) return "1";
  if (named.inode === home.inode) return own;
  throw new Problem(
    t`Cannot name the network namespace that we are in (${home.inode}): /proc tells of other processes than ours.`,
    t`Mount it anew (mount -t proc proc /proc), or use the sandbox: --on sandbox.`,
  );
}

/** The inode of a namespace, as the kernel prints it, or why it is not known. */
async function inode(
  path: string,
): Promise<{ inode?: string; words?: string }> {
  const result = await run(["readlink", path]);
  const said = result.stdout.trim();
  if (result.code !== 0) return { words: whyFailed(result) };
  if (/^net:\[\d+\]$/.test(said)) return { inode: said };
  return { words: t`\`readlink ${path}\` printed ${JSON.stringify(said)}` };
}
