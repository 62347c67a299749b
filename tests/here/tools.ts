/** A machine whose tools misbehave at a call of one's choice. */

import type { Result } from "../../lib/command.ts";
import type { Machine } from "../../lib/task.ts";
import { denoArgs } from "../../vm/enter.ts";
import { ROOT, type Throwaway } from "../throwaway.ts";
import { machine, prepare } from "./here.ts";

/** What a tool does instead of its work, or after it. */
export type Misdeed =
  /** It is killed before it has done anything … */
  | "dies"
  /** … or when all is done. */
  | "dies-after"
  /** It says that it failed … */
  | "fails"
  /** … when all is done. */
  | "fails-after"
  /** It does nothing, prints nonsense, and says that it worked. */
  | "garbage"
  /** It does nothing, and says that it worked. */
  | "nothing";

/** When it does so: at which of the calls that match a shell pattern. */
export interface Plan {
  misdeed: Misdeed;
  /** Held against the whole call, with the lines of a batch. */
  call: string;
  /** Counted from 1. */
  nth?: number;
}

const TOOLS = "ip iptables iptables-save sysctl nft readlink cat ping";

/** Stands in front of every tool. */
const WRAPPER = `#!/bin/sh
PATH=\${PATH#/run/tools:}
tool=\${0##*/}
input=
case "$*" in *"-batch -") input=$(cat) ;; esac
real() {
  if [ "$input" ]; then printf '%s\\n' "$input" | "$tool" "$@"
  else "$tool" "$@" </dev/null; fi
}
said=$(echo $tool "$*" $input)
cd /run/tools
exec 9>lock
flock 9
echo "$said" >>log
read -r misdeed nth call <plan
case $said in
  $call) read -r count <count; echo $((count += 1)) >count ;;
  *) nth=0 count=1 ;;
esac
exec 9>&-
[ "$count" = "$nth" ] || { real "$@"; exit; }
case $misdeed in
  dies) kill -KILL $$ ;;
  dies-after) real "$@"; kill -KILL $$ ;;
  fails) echo "$tool: out of order" >&2; exit 1 ;;
  fails-after) real "$@"; echo "$tool: out of order" >&2; exit 1 ;;
  garbage) echo '}{ *nat [' ;;
esac
`;

/** A machine with the wrapper in it. */
export async function withTools(): Promise<Throwaway> {
  const lab = await machine();
  await lab.exec(
    [
      "sh",
      "-ec",
      `mkdir /run/tools; cd /run/tools; cat >tool; chmod +x tool
       for each in ${TOOLS}; do cp tool $each; done`,
    ],
    WRAPPER,
  );
  return lab;
}

/** The command line that runs a task's script on `here`, wherever that is. */
export function onHere(
  script: string,
  args: readonly string[] = [],
  path: string = Deno.env.get("PATH") ?? "",
): string[] {
  const here: Machine = { kind: "here", name: "", pid: null, isNew: false };
  return [
    "env",
    `LAB_MACHINE=${JSON.stringify(here)}`,
    "NO_COLOR=1",
    `PATH=${path}`,
    Deno.execPath(),
    ...denoArgs(here, `${ROOT}${script}`),
    ...args,
  ];
}

/** Runs a task's script there as on `here`. Tells all calls that it made. */
export async function misled(
  lab: Throwaway,
  script: string,
  { misdeed, call, nth = 1 }: Plan,
  ...args: string[]
): Promise<Result & { calls: string[] }> {
  await prepare(
    lab,
    `cd /run/tools; echo 0 >count; : >log; cat >plan <<'PLAN'
${misdeed} ${nth} ${call}
PLAN`,
  );
  const path = `/run/tools:${Deno.env.get("PATH")}`;
  const result = await lab.exec(onHere(script, args, path));
  const { stdout } = await lab.run("cat /run/tools/log");
  return { ...result, calls: stdout.trim().split("\n") };
}
