/** What is kept of sandboxes: nothing in it is believed that is not so. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

const FOLDER = `${ROOT}.lab/sandbox`;
const FILE = `${FOLDER}/default`;

/** Runs a line of sh on the PC, where $0 is the state file. */
async function sh(pc: Throwaway, line: string): Promise<string> {
  const { code, stdout, stderr } = await pc.exec(["sh", "-ec", line, FILE]);
  assertEquals([code, stderr], [0, ""], line);
  return stdout.trim();
}

/** A PC with a sandbox. */
async function withSandbox(): Promise<Throwaway> {
  const pc = await throwaway();
  const made = await pc.type("stage:netns --quiet");
  assertEquals([made.code, made.stderr], [0, ""]);
  return pc;
}

const BROKEN: [flaw: string, make: string][] = [
  ["is a symbolic link", "ln -s /etc/passwd $0"],
  ["is a symbolic link", "ln -s /nowhere $0"],
  ["is a folder", "mkdir $0"],
  ["is a pipe", "mkfifo $0"],
  ["is 100000 bytes long", "head -c 100000 /dev/zero >$0; chmod 600 $0"],
  ["can be written by other users", "echo 1 1 >$0; chmod 666 $0"],
  ...["0x10 1", "-5 1", "1", "sh", "12 34 56", "\\\\0"].map((
    text,
  ): [string, string] => [
    "does not say what the lab writes there",
    `printf -- '${text}\\n' >$0; chmod 600 $0`,
  ]),
];

Deno.test("state: a file that the lab did not write is refused in one sentence, and down clears it", async (t) => {
  await using pc = await withSandbox();
  for (const [flaw, make] of BROKEN) {
    await t.step(make, async () => {
      await sh(pc, `rm -rf $0; ${make}`);
      const { code, stderr, stdout } = await pc.type("status");
      assertEquals([code, stdout], [3, ""]);
      assertMatch(stderr, new RegExp(`^The .*${FILE} ${flaw}.*\\n.*down\\n$`));
      const down = await pc.type("down");
      assertEquals([down.code, down.stderr], [
        0,
        `${FILE} was no state file: removed it.\n`,
      ]);
    });
  }
  const again = await pc.type("stage:netns --quiet");
  assertEquals([again.code, again.stderr], [0, ""]);
});

Deno.test("state: a process that is no holder is neither entered nor ended", async (t) => {
  await using pc = await throwaway();
  await sh(
    pc,
    "sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >/run/innocent",
  );
  const ids =
    "read -r pid </run/innocent; read -r stat </proc/$pid/stat; set -- $stat; echo";
  const innocent = await sh(pc, `${ids} "$1 \${22}"`);
  await pc.type("stage:netns --quiet");
  await pc.type("down");
  for (const text of [innocent, "1 1", "4194303 1"]) {
    await t.step(text, async () => {
      await sh(pc, `echo ${text} >$0`);
      const { stdout } = await pc.type("status");
      assertMatch(stdout, /^Machine: none yet\n/);
      await sh(pc, `echo ${text} >$0`);
      const down = await pc.type("down");
      assertEquals(down.stdout, 'Sandbox "default" was not there.\n');
      await sh(pc, "kill -0 $(cat /run/innocent)");
    });
  }
});

Deno.test("state: a sandbox whose file is gone is found again by what it is", async () => {
  await using pc = await withSandbox();
  const list = async () => JSON.parse((await pc.type("list --json")).stdout);
  const before = await list();
  assertEquals(before.sandboxes.map(({ name }: { name: string }) => name), [
    "default",
  ]);
  await sh(pc, "rm $0");
  assertEquals(await list(), before);
  const status = await pc.type("status");
  assertMatch(status.stdout, /^Machine: sandbox "default", uplink eth0\n/);
  await sh(pc, "rm $0");
  const again = await pc.type("stage:netns");
  assertMatch(again.stdout, /^Machine: sandbox "default", uplink eth0\n/);
  await pc.type("stage:netns --quiet --name other");
  await sh(pc, "rm ${0%/*}/*");
  const down = await pc.type("down --all");
  assertEquals(
    down.stdout,
    'Sandbox "default" is gone.\nSandbox "other" is gone.\n',
  );
  assertEquals(await list(), { sandboxes: [] });
});

Deno.test("state: down ends all of its name, also where the file was emptied between", async () => {
  await using pc = await withSandbox();
  await sh(pc, ": >$0");
  assertEquals((await pc.type("stage:netns --quiet")).code, 0);
  assertEquals(await sh(pc, "pgrep -fc [h]older.sh"), "2");
  const { stdout } = await pc.type("down");
  assertEquals(stdout, 'Sandbox "default" is gone.\n');
  assertEquals(await sh(pc, "pgrep -fc [h]older.sh || true"), "0");
});

Deno.test("state: a sandbox of somebody in a namespace of ours is his, whatever its path", async () => {
  await using pc = await withSandbox();
  // He has the same rights, the same folders and the same name for it.
  await pc.type("down");
  await sh(
    pc,
    `PATH=${DENO}:$PATH
     unshare --pid --fork --mount-proc --kill-child sh -c '
       deno run -q -P=host --config ${ROOT}deno.json ${ROOT}scripts/tasks/stage.ts netns --quiet
       rm $0
       echo done >/run/made
       exec sleep 1000
     ' $0 </dev/null >/dev/null 2>&1 &
     timeout 30 sh -c 'until [ -e /run/made ]; do sleep 0.05; done'`,
  );
  assertEquals(await sh(pc, "pgrep -fc [h]older.sh"), "1");
  assertEquals((await pc.type("list --json")).stdout, '{"sandboxes":[]}\n');
  const down = await pc.type("down");
  assertEquals(down.stdout, 'Sandbox "default" was not there.\n');
  assertEquals(await sh(pc, "pgrep -fc [h]older.sh"), "1");
});

Deno.test("state: who waits for a command that hangs is told for whom, and not for ever", async () => {
  await using pc = await withSandbox();
  await sh(pc, "flock $0 sleep 1000 </dev/null >/dev/null 2>&1 & sleep 0.1");
  const { code, stderr, stdout } = await pc.type("status", "LAB_WAIT=1");
  assertEquals([code, stdout], [3, ""]);
  assertMatch(
    stderr,
    /^The sandbox "default" is being .* by process \d+: waiting for it\.\nThe sandbox "default" is being .* by process \d+, for more than 1 seconds\.\n/,
  );
});

Deno.test("state: a half-made sandbox is not taken for a finished one", async () => {
  await using pc = await throwaway();
  // Its maker hangs, in an `ip` that does not end, and is then killed.
  await sh(
    pc,
    `mount -t tmpfs slow /mnt; printf '#!/bin/sh\\nexec sleep 1000\\n' >/mnt/ip; chmod +x /mnt/ip`,
  );
  const path = await sh(pc, 'echo "$PATH"');
  const hung = pc.type("stage:netns", `PATH=/mnt:${DENO}:${path}`);
  await sh(pc, "timeout 60 sh -c 'until pgrep -f ^sleep.1000; do :; done'");
  const maker = await sh(pc, "pgrep -f '[-]P=host scripts/tasks/stage.ts'");
  await sh(pc, `kill -KILL ${maker}`);
  const { code, stdout, stderr } = await pc.type("stage:addr --quiet");
  assertEquals(code, 0, stdout + stderr);
  assertMatch(stdout, /^✓ ns1 to 192\.168\.0\.2 +ok/);
  assert((await pc.type("down")).stdout.includes("is gone"));
  await hung;
});

const DENO = new URL(".", `file://${Deno.execPath()}`).pathname;

Deno.test("state: is private, and LAB_STATE says where it is kept", async () => {
  await using pc = await throwaway();
  await pc.type("stage:netns --quiet", "LAB_STATE=/run/kept");
  assertEquals(
    await sh(pc, "stat -c %a /run/kept/sandbox /run/kept/sandbox/default"),
    "700\n600",
  );
  const status = await pc.type("status", "LAB_STATE=/run/kept");
  assertMatch(status.stdout, /^Machine: sandbox "default"/);
  assertMatch((await pc.type("status")).stdout, /^Machine: none yet/);
  // What was laxer once is made private.
  await sh(
    pc,
    "chmod 755 /run/kept/sandbox; chmod 666 /run/docker0-by-hand.lock 2>/dev/null || true",
  );
  await pc.type("status", "LAB_STATE=/run/kept");
  assertEquals(await sh(pc, "stat -c %a /run/kept/sandbox"), "700");
  const locks = await pc.type(
    "exec -- stat -c %a /run/docker0-by-hand.lock",
    "LAB_STATE=/run/kept",
  );
  assertEquals(locks.stdout, "600\n");
});
