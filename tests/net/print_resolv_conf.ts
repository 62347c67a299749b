/**
 * Prints, one line of JSON each, what is read below a root folder, of a process
 * or of a container: ROOT PATH, `pid` PID, `docker` NAME.
 */

import { readFileInRoot } from "../../lib/net/file_in_root.ts";
import { readResolvConf } from "../../lib/net/resolv_conf.ts";

const [root, ...paths] = Deno.args;
for (const path of paths) {
  const content = root === "pid"
    ? await readResolvConf({ pid: Number(path) })
    : root === "docker"
    ? await readResolvConf({ engine: "docker", container: path })
    : await readFileInRoot(root, path);
  console.log(JSON.stringify(content));
}
