/**
 * Prints, one line of JSON each, what is read below a root folder, or of a
 * process: ROOT PATH, or `pid` PID.
 */

import { readFileInRoot } from "../../lib/net/file_in_root.ts";
import { readResolvConf } from "../../lib/net/resolv_conf.ts";

const [root, ...paths] = Deno.args;
for (const path of paths) {
  const content = root === "pid"
    ? await readResolvConf({ pid: Number(path) })
    : await readFileInRoot(root, path);
  console.log(JSON.stringify(content));
}
