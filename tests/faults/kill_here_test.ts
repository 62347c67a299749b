/** Tests of `here` after kill -9: `down` finds all of the lab, and only that. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Machine } from "../../lib/lab/machine.ts";
import { denoArgs } from "../../vm/deno_args.ts";
import { assertState, machine, prepare, stateOf } from "../here/here.ts";
import { ROOT, type Throwaway } from "../throwaway.ts";

/**
 * Stands in front of ip, sysctl and iptables. It counts the calls that change
 * something, and at the call whose number is in the file `at` it kills whoever
 * made it: before the real program runs, or after.
 */
const WRAPPER = `#!/bin/sh
tool=\${0##*/}
case "$tool $*" in
  "ip -j "* | "ip "*" -j "* | "ip netns pids "* | *" ping "* | \
    "sysctl -n "* | *" -C "* | "iptables -V")
    exec /usr/sbin/$tool "$@" ;;
esac
cd /run/wrapped
input=
case $* in
  *"-batch -") while read -r line; do input="$input$line
"; done ;;
esac
read -r count <count
echo $((count += 1)) >count
echo "$tool $*" $input >>log # on one line
read -r at when <at
if [ "$count $when" = "$at before" ]; then
  kill -KILL $PPID
  exit 1
fi
/usr/sbin/$tool "$@" <<INPUT
$input
INPUT
status=$?
if [ "$count $when" = "$at after" ]; then kill -KILL $PPID; fi
exit $status
`;

/** A machine with the wrapper in it. */
async function wrapped(): Promise<Throwaway> {
  const lab = await machine();
  await lab.exec(
    [
      "sh",
      "-ec",
      `mkdir /run/wrapped; cd /run/wrapped; cat >ip; chmod +x ip
       cp ip sysctl; cp ip iptables`,
    ],
    WRAPPER,
  );
  return lab;
}

/** Runs a script and kills it at a call. Tells the calls up to there. */
async function killed(
  lab: Throwaway,
  script: string,
  at = 0,
  when: "before" | "after" = "after",
): Promise<{ code: number; calls: string[] }> {
  await prepare(
    lab,
    `cd /run/wrapped; echo 0 >count; : >log; echo ${at} ${when} >at`,
  );
  const here: Machine = { kind: "here", name: "", pid: null, isNew: false };
  const [path, ...words] = script.split(" ");
  const { code } = await lab.exec([
    "env",
    `LAB_MACHINE=${JSON.stringify(here)}`,
    `PATH=/run/wrapped:${Deno.env.get("PATH")}`,
    Deno.execPath(),
    ...denoArgs(here, `${ROOT}${path}`),
    ...words,
  ]);
  const { stdout } = await lab.run("cat /run/wrapped/log");
  return { code, calls: stdout.trim().split("\n") };
}

/** Shares the numbers among three machines that work side by side. */
async function eachOf(
  numbers: number[],
  work: (lab: Throwaway, before: string, number: number) => Promise<void>,
): Promise<void> {
  const todo = [...numbers];
  await Promise.all([1, 2, 3].map(async () => {
    await using lab = await wrapped();
    const before = await stateOf(lab);
    for (let next = todo.shift(); next; next = todo.shift()) {
      await work(lab, before, next);
    }
  }));
}

const KILLED = 128 + 9;

Deno.test("here: killed after any command, down finds all of the lab and nothing else", async () => {
  let calls: string[];
  {
    await using lab = await wrapped();
    ({ calls } = await killed(lab, "scripts/tasks/stage.ts nat"));
  }
  const made = calls.filter((call) => !call.includes(" alias "));
  assertEquals(made.length, 27, "the commands of the nine stages");
  const kill = (when: "before" | "after") =>
  async (
    lab: Throwaway,
    before: string,
    at: number,
  ) => {
    const what = `killed ${when} \`${calls[at - 1]}\``;
    const { code } = await killed(lab, "scripts/tasks/stage.ts nat", at, when);
    assertEquals(code, KILLED, what);
    const down = await lab.task("down");
    assertEquals([down.code, down.stderr], [0, ""], what);
    assert(!down.stdout.includes("Left as it is"), `${what}\n${down.stdout}`);
    await assertState(lab, before, what);
  };
  const all = calls.map((_, i) => i + 1);
  await eachOf(all, kill("after"));
  // Announced in the journal, and not made.
  const announced = all.filter((at) =>
    / netns add |link add |ip_forward=1|iptables/.test(calls[at - 1])
  );
  assertEquals(announced.length, 8);
  await eachOf(announced, kill("before"));
});

Deno.test("here: killed again and again, the stage goes on from there in the end", async () => {
  await using lab = await wrapped();
  const before = await stateOf(lab);
  for (const at of [2, 4, 5, 7, 9]) {
    assertEquals(
      (await killed(lab, "scripts/tasks/stage.ts nat", at)).code,
      KILLED,
    );
  }
  const { code, stdout } = await lab.task("stage:nat --quiet");
  assertEquals(code, 0, stdout);
  await lab.task("down");
  await assertState(lab, before, "after it all");
});

Deno.test("here: down, killed after each of its commands, is finished by the next one", async () => {
  await using lab = await wrapped();
  const before = await stateOf(lab);
  await lab.task("stage:nat --quiet");
  const calls: string[] = [];
  let code = KILLED;
  while (code === KILLED && calls.length < 20) {
    // Every time at the first command that is still to be run.
    const run = await killed(lab, "scripts/tasks/down.ts", 1);
    calls.push(...run.calls);
    code = run.code;
  }
  assertEquals(code, 0, calls.join("\n"));
  assertMatch(calls[0], /^iptables -t nat -D/);
  assertEquals(new Set(calls).size, calls.length, calls.join("\n"));
  await assertState(lab, before, "in the end");
});
