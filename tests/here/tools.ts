/** A machine whose tools misbehave at a call of one's choice. */

import type { Result } from "../../lib/cli/command.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { denoArgs } from "../../vm/deno_args.ts";
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

/**
 * What it does, at which of the calls that match a shell pattern, counted from
 * 1: `dies-after 1 sysctl -w *`. A batch's lines are part of the call.
 */
export type Plan = `${Misdeed} ${number} ${string}`;

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
does=
cd /run/tools
exec 9>lock
flock 9
echo "$said" >>log
plan=0
while read -r misdeed nth call; do
  plan=$((plan + 1))
  case $said in $call) ;; *) continue ;; esac
  echo >>"count$plan"
  [ "$(grep -c '' "count$plan")" != "$nth" ] || does=$misdeed
done <plan
exec 9>&-
case $does in
  '') real "$@" ;;
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

/**
 * The command line that runs a task on `here`, wherever that is: by its script
 * and the words that go with it, such as `scripts/tasks/stage.ts nat`.
 */
export function onHere(
  script: string,
  args: readonly string[] = [],
  path: string = Deno.env.get("PATH") ?? "",
): string[] {
  const [file, ...words] = script.split(" ");
  const here: Machine = { kind: "here", name: "", pid: null, isNew: false };
  return [
    "env",
    `LAB_MACHINE=${JSON.stringify(here)}`,
    "NO_COLOR=1",
    `PATH=${path}`,
    Deno.execPath(),
    ...denoArgs(here, `${ROOT}${file}`),
    ...words,
    ...args,
  ];
}

/** Runs a task's script there as on `here`. Tells all calls that it made. */
export async function misled(
  lab: Throwaway,
  script: string,
  plans: readonly Plan[],
  ...args: string[]
): Promise<Result & { calls: string[] }> {
  await prepare(
    lab,
    `cd /run/tools; rm -f count*; : >log; cat >plan <<'PLAN'
${plans.join("\n")}
PLAN`,
  );
  const path = `/run/tools:${Deno.env.get("PATH")}`;
  const result = await lab.exec(onHere(script, args, path));
  const { stdout } = await lab.run("cat /run/tools/log");
  return { ...result, calls: stdout.trim().split("\n") };
}
