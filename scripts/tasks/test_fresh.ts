/** `deno task test:fresh`: the README's commands, on machines just installed. */

import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { run } from "./run.ts";
import { launch } from "../../vm/launch.ts";
import { findMachine } from "../../vm/find_machine.ts";
import { ROOT } from "../../vm/path.ts";
import { t } from "../../lib/cli/translate.ts";

const RUN = `${ROOT}tests/fresh/run.sh`;

const RELEASES = ["bookworm", "trixie", "sid"];

/** It changes daily: what it breaks is told, and fails nothing. */
const CHANGES_DAILY = "sid";

/** The one where ./lab gets Deno by npm as well: once is enough. */
const WITH_NPM = "bookworm";

/** The task. */
export const task: Task = {
  name: "test:fresh",
  about:
    t`Makes fresh Debians with what a minimal install has plus git, and types\n
    the README's two commands in each, as root and as an ordinary user. All of\n
    it is in memory and gone at the end. Takes root, Debian's mmdebstrap, a\n
    mirror of Debian, and some minutes for each release.`,
  usage: "[RELEASE…]",
  words: 9,
  where: "host",
  needs: ["--allow-run=sh"],
  options: {},
  async main({ words }) {
    const host = await findMachine("host");
    let worst = await launch(host, ["sh", RUN, "--check"]);
    if (worst !== 0) return worst;
    for (const release of words.length > 0 ? words : RELEASES) {
      const start = Date.now();
      const npm = release === WITH_NPM ? ["npm"] : [];
      const code = await launch(host, ["sh", RUN, release, ...npm]);
      const seconds = Math.round((Date.now() - start) / 1000);
      say(t`=== ${release}: exit code ${code}, ${seconds} s in all`);
      if (release !== CHANGES_DAILY) worst = Math.max(worst, code);
    }
    return worst;
  },
};

run(import.meta, task);
