/** The sandbox's life, as somebody sees it who types `deno task …`. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

const pidOf = async (pc: Throwaway, name = "default"): Promise<number> =>
  JSON.parse((await pc.type(`status --json --name ${name}`)).stdout).machine
    .pid;

Deno.test("sandbox: stays between commands until down, which can be said twice", async () => {
  await using pc = await throwaway();
  const built = await pc.type("stage:addr");
  assertEquals([built.code, built.stderr], [0, ""]);
  assertMatch(built.stdout, /^Machine: sandbox "default", new, uplink eth0\n/);
  const pid = await pidOf(pc);
  const again = await pc.type("stage:addr");
  assertMatch(again.stdout, /^Machine: sandbox "default", uplink eth0\n/);
  assertMatch(again.stdout, /Stage addr is in place: nothing to do\./);
  assertEquals(await pidOf(pc), pid);

  assertEquals(await pc.type("down"), {
    code: 0,
    stdout: 'Sandbox "default" is gone.\n',
    stderr: "",
  });
  // Gone, or dead and not yet collected by this PC's own process 1.
  const { stdout: state } = await pc.run(`ps -o stat= -p ${pid}`);
  assertMatch(state, /^(Z.*)?$/m, "the holder");
  assertEquals(await pc.type("down"), {
    code: 0,
    stdout: 'Sandbox "default" was not there.\n',
    stderr: "",
  });
});

Deno.test("sandbox: two commands at once get one, several names get several", async () => {
  await using pc = await throwaway();
  const both = await Promise.all(
    [1, 2, 3, 4].map(() => pc.type("stage:addr --json")),
  );
  const reports = both.map(({ code, stdout }) => {
    assertEquals(code, 0);
    return JSON.parse(stdout);
  });
  assertEquals(new Set(reports.map(({ machine }) => machine.pid)).size, 1);
  // Each line was run once, by one of them.
  assertEquals(
    reports.flatMap(({ ran }) => ran).filter((line) =>
      line === "ip netns add ns1"
    ),
    ["ip netns add ns1"],
  );
  await pc.type("stage:netns --name lesson-2 --quiet");
  assert(await pidOf(pc) !== await pidOf(pc, "lesson-2"));
  const { stdout } = await pc.type("down --all");
  assertEquals(
    stdout,
    'Sandbox "default" is gone.\nSandbox "lesson-2" is gone.\n',
  );
});

Deno.test("sandbox: is made anew, and says so, after its holder was killed", async () => {
  await using pc = await throwaway();
  await pc.type("stage:netns --quiet");
  const pid = await pidOf(pc);
  await pc.run(`kill -KILL ${pid}`);
  const { code, stderr, stdout } = await pc.type("stage:netns");
  assertEquals(code, 0);
  assertMatch(
    stderr,
    /^The sandbox "default" has gone \(a reboot, or its holder was ended\): making a new one\.\n$/,
  );
  assertMatch(stdout, /^Machine: sandbox "default", new/);
  assert(await pidOf(pc) !== pid);
});

Deno.test("sandbox: none is made for a look", async () => {
  await using pc = await throwaway();
  const nothing = JSON.parse((await pc.type("status --json")).stdout);
  assertEquals(nothing.machine, {
    kind: "none",
    name: "",
    pid: null,
    uplink: null,
  });
  assertEquals(
    (await pc.type("list")).stdout.split(".")[0],
    "No sandbox is here",
  );
});

Deno.test("sandbox: a maker that is killed at any time leaves nothing that the next one minds", async () => {
  await using pc = await throwaway();
  for (const ms of [20, 40, 60, 80, 100, 130]) {
    const { code } = await pc.exec([
      "env",
      "--unset=LAB_MACHINE",
      "NO_COLOR=1",
      "timeout",
      "-s",
      "KILL",
      `${ms / 1000}`,
      Deno.execPath(),
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "--allow-sys=uid",
      `--allow-write=${ROOT}.lab`,
      "--allow-run",
      `${ROOT}scripts/tasks/stage.ts`,
      "addr",
      "--name",
      `kill-${ms}`,
    ]);
    assert(code === 137 || code === 0, `${code}`);
    const { code: next, stdout, stderr } = await pc.type(
      `stage:addr --quiet --name kill-${ms}`,
    );
    assertEquals(next, 0, stdout + stderr);
    // It may have been killed between writing down its holder and the end.
    assertMatch(stderr, /^(The sandbox "kill-\d+" has gone \(.*\n)?$/);
    assertEquals((await pc.type(`down --name kill-${ms}`)).code, 0);
  }
});

Deno.test("sandbox: what fails in it is told in the kernel's words", async () => {
  await using pc = await throwaway();
  // Two of this PC, two of the sandbox in it, and none left for ns1.
  await pc.run("sysctl -w user.max_net_namespaces=4");
  const { code, stderr } = await pc.type("stage:up");
  assertEquals(code, 3);
  assertMatch(stderr, /^`ip netns add ns1`: .*: No space left on device\.\n/);
  await pc.run("sysctl -w user.max_net_namespaces=20");
  const { code: next, stdout } = await pc.type("stage:up --json");
  assertEquals([next, JSON.parse(stdout).ran[0]], [0, "ip netns add ns1"]);
});

Deno.test("sandbox: what cannot start in it is exit code 3, what differs is 1", async () => {
  await using pc = await throwaway();
  await pc.type("stage:nat --quiet");
  const { stdout: path } = await pc.exec(["sh", "-c", 'echo "$PATH"']);
  await pc.exec(["sh", "-ec", NO_FORK]);
  const stuck = await pc.type("status", `PATH=/run/stuck:${path.trim()}`);
  assertEquals([stuck.code, stuck.stdout], [3, ""]);
  assertMatch(
    stuck.stderr,
    /^nsenter: fork failed\nCannot start the task in the machine: .*\nIf no process /,
  );
  await pc.type("exec -- ip netns exec ns1 ip route del default");
  const differs = await pc.type("doctor --no-probe");
  assertEquals([differs.code, differs.stderr], [1, ""]);
  // A program's own exit code is passed on, whatever it is.
  for (const code of [1, 65]) {
    const line = ["deno", "task", "-q", "--config", `${ROOT}deno.json`];
    const all = [...line, "exec", "--", "sh", "-c", `exit ${code}`];
    assertEquals(
      (await pc.exec(["env", `PATH=${DENO}:${path.trim()}`, ...all])).code,
      code,
    );
  }
});

/** Where nobody can start anything more, nsenter says so and ends with 1. */
const NO_FORK = `mkdir /run/stuck
printf '#!/bin/sh\\necho "nsenter: fork failed" >&2; exit 1\\n' >/run/stuck/nsenter
chmod +x /run/stuck/nsenter`;

const DENO = new URL(".", `file://${Deno.execPath()}`).pathname;

Deno.test("exec: passes words, input, output and exit code through", async () => {
  await using pc = await throwaway();
  await pc.type("stage:addr --quiet");
  const ping = await pc.type(
    "exec -- ip netns exec ns1 ping -c1 -W1 192.168.0.2",
  );
  assertEquals(ping.code, 0);
  assertMatch(ping.stdout, /ttl=64/);
  assertEquals(
    (await pc.type("exec -- ip netns exec ns1 ping -c1 8.8.8.8")).code,
    2,
  );
  assertEquals((await pc.type("exec -- ip link show dev nothing")).code, 1);
  // The two dashes may be left out.
  const bare = await pc.type("exec ip -brief link show dev eth0");
  assertEquals(bare.code, 0, bare.stderr);
  assertMatch(bare.stdout, /^eth0/);
});

Deno.test("shell: is in the machine, or in one of its namespaces", async () => {
  await using pc = await throwaway();
  await pc.type("stage:addr --quiet");
  const task = [
    "env",
    "--unset=LAB_MACHINE",
    "SHELL=/bin/sh",
    Deno.execPath(),
    "run",
    "-A",
    "--quiet",
    `${ROOT}scripts/tasks/shell.ts`,
  ];
  const inside = await pc.exec(
    [...task, "ns1"],
    "ip -brief addr show dev ns-veth1\nexit 7\n",
  );
  assertEquals(inside.code, 7);
  assertMatch(inside.stdout, /192\.168\.0\.1\/24/);
  const machine = await pc.exec(task, "ip -brief addr show dev eth0\n");
  assertMatch(machine.stdout, /203\.0\.113\.2\/24/);
  const nowhere = await pc.exec([...task, "ns3"], "");
  assertEquals(nowhere.code, 3);
  assertMatch(nowhere.stderr, /There is no namespace "ns3"/);
});

Deno.test("sandbox: bad names and machines are refused in one sentence", async () => {
  await using pc = await throwaway();
  const name = await pc.type("stage:netns --name ../x");
  assertEquals([name.code, name.stderr], [
    2,
    'Cannot use "../x" as a sandbox\'s name.\n' +
    "Up to 31 small letters, digits and hyphens, such as --name lesson-1.\n",
  ]);
  const machine = await pc.type("stage:netns --on sandbax");
  assertEquals([machine.code, machine.stderr], [
    2,
    'Unknown machine "sandbax".\nDid you mean "sandbox"?\n',
  ]);
});

Deno.test("sandbox: a held one sleeps, in less than 5 MB", async () => {
  await using pc = await throwaway();
  await pc.type("stage:nat --quiet");
  const { stdout } = await pc.type("exec -- ps -e -o rss=,comm=");
  const kilobytes = stdout.trim().split("\n")
    .filter((line) => /\b(sh|sleep)$/.test(line))
    .reduce((sum, line) => sum + Number.parseInt(line), 0);
  assert(kilobytes > 0 && kilobytes < 5000, stdout);
});
