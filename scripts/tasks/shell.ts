/** `deno task shell`: a shell in the machine, or in one of its namespaces. */

import { didYouMean } from "../../lib/cli/nearest.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import type { Call, Task } from "../../lib/task/task.ts";
import { typed } from "../../lib/cli/typed.ts";
import { run } from "./run.ts";
import { askIn, runIn } from "../../vm/run_in.ts";
import { quoteWord } from "../../lib/cli/word.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "shell",
  about: t`Opens a shell in the machine, or in a namespace of it. Its prompt\n
    says where one is; your own start-up files are not run there.`,
  usage: "[ns1|ns2|outside] [OPTIONS]",
  words: 1,
  // A namespace with a hyphen in front of its name comes after two of them.
  rest: true,
  passesCode: true,
  where: "host",
  // On this very machine nothing stands between us and the program.
  needs: ["--allow-run=sh"],
  options: {},
  async main({ flags, words, rest }) {
    const [netns, unexpected] = [...words, ...rest];
    if (unexpected !== undefined) {
      throw new Problem(
        t`Unexpected word ${quoteWord(unexpected)}.`,
        t`To run a command there: ${typed("exec -- ip netns exec NAME …")}`,
        EXIT.usage,
      );
    }
    const shell = Deno.env.get("SHELL") || "sh";
    const start = (where: string, ...way: string[]) =>
      runIn(flags, ["sh", "vm/shell/start.sh", shell, plain(where), ...way]);
    if (!netns) return await start("pc");
    const there = await namespaces(flags);
    if (!there.includes(netns)) {
      if (/^pc$/i.test(netns)) return await start("pc");
      throw noNamespace(netns, there);
    }
    return await start(netns, "ip", "netns", "exec", netns);
  },
};

/** The names of the machine's namespaces. */
async function namespaces(flags: Call["flags"]): Promise<string[]> {
  return (await askIn(flags, ["sh", "-c", LIST])).split("\0").slice(0, -1);
}

/** A name may have any character in it but two: they end at a NUL. */
const LIST = `for each in /run/netns/* /run/netns/.[!.]*; do
  if [ -e "$each" ]; then printf '%s\\0' "\${each##*/}"; fi
done`;

/** Some characters mean something to a shell that shows its prompt. */
const plain = (name: string) => name.replace(/[^\p{L}\p{N}._:@+-]/gu, "?");

function noNamespace(name: string, there: readonly string[]): Problem {
  const known = there.map((each) => JSON.stringify(each)).join(", ");
  return new Problem(
    t`There is no namespace ${JSON.stringify(name)} in this machine${
      known ? `. It has ${known}` : " yet"
    }.`,
    there.includes("ns1")
      ? didYouMean(name, there)
      : t`Stage netns makes ns1 and ns2: ${typed("stage:netns")}`,
  );
}

run(import.meta, task);
