/**
 * Tests of `here` where a tool does its work and cannot say so any more, says
 * so and has not, or where nobody can look afterwards: what is the lab's stays
 * known, and what could not be looked at is no verdict.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertState, stateOf } from "../here/here.ts";
import { isInstalled } from "../../vm/path.ts";
import { misled, type Plan, withTools } from "../here/tools.ts";
import type { Throwaway } from "../throwaway.ts";

const RULE = "iptables * -A *";
const ON = "sysctl -w *=1";
const BRIDGE = "ip -batch - link add name br0 *";
const LOOK = "ip -j -d -batch -*";
const LOOK_SWITCH = "ip -4 -j netconf show";

/** In which stage, and what then goes wrong. */
const AT_WORK: [stage: string, ...plans: Plan[]][] = [
  ["netns", "dies-after 1 ip -batch - netns add ns1"],
  ["netns", "fails-after 1 ip -batch - netns add ns2"],
  ["netns", "dies 1 ip -n ns1 link set dev lo alias *"],
  ["bridge", `dies-after 1 ${BRIDGE}`],
  ["bridge", `garbage 3 ${LOOK}`],
  ["bridge", "dies 1 ip -batch - link set dev br0 alias *"],
  ["bridge", `fails-after 1 ${BRIDGE}`, `nothing 3 ${LOOK}`],
  ["forward", `dies-after 1 ${ON}`],
  ["forward", `fails 2 ${LOOK_SWITCH}`],
  ["forward", `dies-after 1 ${ON}`, `dies 2 ${LOOK_SWITCH}`],
  ["forward", "nothing 1 sysctl -n *accept_redirects"],
  ["nat", `dies-after 1 ${RULE}`],
  ["nat", `dies-after 1 ${RULE}`, "dies 3 iptables-save*"],
  ["nat", `fails-after 1 ${RULE}`, "garbage 3 iptables-save*"],
  ["nat", "nothing 3 iptables-save*"],
  ["nat", "dies 1 nft list table ip nat"],
  ["nat", "garbage 1 sysctl -n kernel.random.boot_id"],
  ["nat", "nothing 1 readlink /proc/self/ns/net"],
];

Deno.test("here: whatever a tool cannot say in a stage, down finds all of the lab", async () => {
  await eachOf(AT_WORK, async (lab, before, [stage, ...plans]) => {
    const what = `${stage}: ${plans}`;
    const ran = await misled(
      lab,
      `scripts/tasks/stage.ts ${stage}`,
      plans,
      "--only",
    );
    assertEquals(ran.code, 3, `${what}\n${ran.stdout}${ran.stderr}`);
    assert(!/Unexpected|Something else/.test(ran.stderr), ran.stderr);
    // The lab's own things are not taken for somebody else's.
    const again = await lab.task(`stage:${stage} --only --quiet`);
    assertEquals(again.stderr, "", what);
    await assertGone(lab, before, what);
  });
});

/** The same, of `down`. */
const AT_DOWN: [stage: string, ...plans: Plan[]][] = [
  ["netns", "dies-after 1 ip netns del ns1"],
  ["netns", "nothing 1 ip netns del ns2"],
  ["netns", "fails 1 ip netns pids *"],
  ["netns", "garbage 1 ip -n ns2 -j -d -batch -*"],
  ["bridge", "dies-after 1 ip link del dev br0"],
  ["bridge", "nothing 1 ip link del dev br0"],
  // The first look is for the subnet.
  ["bridge", `nothing 2 ${LOOK}`],
  ["bridge", `fails 3 ${LOOK}`],
  ["forward", "dies-after 1 sysctl -w *=0"],
  ["forward", "nothing 1 sysctl -w *=0"],
  ["forward", `garbage 1 ${LOOK_SWITCH}`],
  ["forward", `dies 2 ${LOOK_SWITCH}`],
  ["nat", "dies-after 1 iptables * -D *"],
  ["nat", "nothing 1 iptables * -D *"],
  ["nat", "nothing 1 iptables-save*"],
  ["nat", "dies 2 iptables-save*"],
  ["nat", "dies 1 nft list *"],
  ["nat", "dies-after 1 nft delete *"],
  ["nat", `garbage 2 ${LOOK}`],
];

Deno.test("here: whatever a tool cannot say in down, that does not say that the lab is gone", async () => {
  // Where nft is not installed, nobody asks it.
  const cases = AT_DOWN.filter(([, plan]) =>
    !plan.includes(" nft ") || isInstalled("nft")
  );
  await eachOf(cases, async (lab, before, [stage, ...plans]) => {
    const what = `${stage}: ${plans}`;
    await lab.task(`stage:${stage} --only --quiet`);
    const down = await misled(lab, "scripts/tasks/down.ts", plans);
    assertEquals(down.code, 3, `${what}\n${down.stdout}${down.stderr}`);
    assert(
      !/^The lab is gone|^No lab/m.test(down.stdout),
      `${what}\n${down.stdout}`,
    );
    const said = down.stderr + down.stdout;
    assertMatch(said, /The lab is not gone, or not all of it|Left as it is:/);
    const killed = plans[0].match(/^dies\S* \d (\S+?)\*? /)?.[1];
    if (killed) {
      assertMatch(down.stderr, RegExp(`${killed} was killed \\(SIGKILL\\)`));
    }
    await assertGone(lab, before, what);
  });
});

/** Fails unless `down` makes the machine what it was. */
async function assertGone(lab: Throwaway, before: string, what: string) {
  const down = await lab.task("down");
  assertEquals([down.code, down.stderr], [0, ""], what);
  assert(!down.stdout.includes("Left as it is"), `${what}\n${down.stdout}`);
  await assertState(lab, before, what);
}

/** Shares the cases among three machines that work side by side. */
async function eachOf<T>(
  cases: readonly T[],
  work: (lab: Throwaway, before: string, each: T) => Promise<void>,
): Promise<void> {
  const todo = [...cases];
  await Promise.all([1, 2, 3].map(async () => {
    await using lab = await withTools();
    const before = await stateOf(lab);
    for (let next = todo.shift(); next; next = todo.shift()) {
      await work(lab, before, next);
    }
  }));
}

Deno.test("here: what could not be looked at is exit 3 with the tool's own words, and no verdict", async () => {
  await using lab = await withTools();
  await lab.task("stage:nat --quiet");
  const cases: [script: string, plan: Plan, says: RegExp][] = [
    [
      "scripts/tasks/stage.ts nat",
      `fails 1 ${LOOK}`,
      /network: out of order\.$/m,
    ],
    [
      "scripts/tasks/stage.ts nat",
      `dies 2 ${LOOK}`,
      /: ip was killed \(SIGKILL\)\.$/m,
    ],
    ["scripts/tasks/stage.ts nat", `garbage 2 ${LOOK}`, /it is no JSON/],
    ["scripts/tasks/stage.ts nat", `nothing 1 ${LOOK}`, /it is empty/],
    [
      "scripts/tasks/stage.ts nat",
      "dies 2 ip -n ns1 -j -d -batch -*",
      /^Cannot read namespace ns1: ip was killed \(SIGKILL\)\.$/m,
    ],
    [
      "scripts/tasks/status.ts",
      "fails 1 iptables-save*",
      /^Cannot read this machine's rules: iptables-save: out of order\.$/m,
    ],
    [
      "scripts/tasks/status.ts",
      "garbage 1 iptables-save*",
      /^Cannot read this machine's rules: `iptables-save` printed no table/m,
    ],
    [
      "scripts/tasks/status.ts",
      `garbage 1 ${LOOK}`,
      /^Cannot read this machine's network: Cannot read what `ip -j -d addr/m,
    ],
    [
      "scripts/tasks/stage.ts nat",
      "dies 1 * ping *8.8.8.8",
      /^\? ns1 to 8\.8\.8\.8 .*could-not-check.* was killed \(SIGKILL\)/m,
    ],
  ];
  for (const [script, plan, says] of cases) {
    const { code, stdout, stderr } = await misled(lab, script, [plan]);
    assertEquals(code, 3, `${plan}\n${stdout}${stderr}`);
    assertMatch(stdout + stderr, says);
    assert(!/Something else|Unexpected/.test(stderr), stderr);
  }
});
