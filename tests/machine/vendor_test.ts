/** The folder vendor/: filled by whoever comes first, and never found half. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

/** A checkout that nobody has used, on a PC without a way to the registry. */
async function fresh(): Promise<Throwaway> {
  const pc = await throwaway();
  const { code, stderr } = await pc.exec([
    ...["sh", "-ec", PREPARE, ROOT, new URL(".", DENO).pathname],
  ]);
  assertEquals([code, stderr], [0, ""]);
  return pc;
}

const DENO = `file://${Deno.execPath()}`;
const PREPARE = `
  ip route flush default
  mount -t tmpfs lab /mnt; mkdir /mnt/lab; cd "$0"
  cp -R deno.json lab lib scripts vm /mnt/lab; ln -s "$1" /mnt/bin`;

const NEW =
  "The @std packages cannot be fetched from here: using their stand-in, vm/std.\n";

/** Runs lines of sh in that checkout. `read` is its task that does least. */
async function sh(pc: Throwaway, lines: string) {
  const result = await pc.exec(["sh", "-c", `${SETTINGS}\n${lines}`]);
  return { ...result, said: result.stdout + result.stderr };
}

const SETTINGS = `
  export PATH=/mnt/bin:$PATH NO_COLOR=1 DENO_DIR=/mnt/cache HOME=/mnt
  unset LAB_MACHINE LAB_CALL LAB_ON; cd /mnt/lab
  read_() { deno task --quiet read "$@" >/dev/null; }
  folders() { ls -d .vendor-* | wc -l; }`;

Deno.test("vendor: is filled once, and then nobody hears of it", async () => {
  await using pc = await fresh();
  assertEquals((await sh(pc, "read_ nat")).said, NEW);
  assertEquals((await sh(pc, "read_ nat; folders")).said, "1\n");
  const check = await sh(pc, "deno check --quiet lib/task/args.ts");
  assertEquals([check.code, check.said], [0, ""]);
});

Deno.test("vendor: twenty fill it at once, and one folder stays", async () => {
  await using pc = await fresh();
  const { said } = await sh(
    pc,
    `for i in $(seq 20); do
       { read_ nat 2>/dev/null; echo "ended with $?"; } &
     done | sort | uniq -c | tr -s ' '; wait; read_ nat; folders`,
  );
  assertEquals(said, " 20 ended with 0\n1\n");
});

Deno.test("vendor: killed at any moment, the next one fills it", async () => {
  await using pc = await fresh();
  for (const ms of [40, 60, 80, 100, 120, 150]) {
    const { said } = await sh(
      pc,
      `rm -rf vendor
       timeout -s KILL ${ms / 1000} deno task --quiet read nat >/dev/null 2>&1
       read_ nat 2>/dev/null; echo $?; folders`,
    );
    assertMatch(said, /^(Killed\n)?0\n1\n$/);
  }
});

for (
  const [what, lines] of [
    ["a file is gone", "rm vendor/jsr.io/@std/cli/1.0.28/parse_args.ts"],
    ["a file is cut", ": >vendor/jsr.io/@std/assert/1.0.19/mod.ts"],
    ["its folder is gone", "rm -r .vendor-*"],
    ["its list is garbage", "echo '{' >vendor/contents.json"],
    ["the stand-in has changed", "echo >>vm/std/@std/cli/1.0.28_meta.json"],
  ]
) {
  Deno.test(`vendor: is filled anew where ${what}`, async () => {
    await using pc = await fresh();
    await sh(pc, "read_ nat");
    const { code, said } = await sh(pc, `${lines}; read_ nat`);
    assertEquals([code, said], [0, NEW]);
    assertEquals((await sh(pc, "read_ nat")).said, "");
  });
}

Deno.test("vendor: down removes what somebody began who was killed", async () => {
  await using pc = await fresh();
  const { said } = await sh(
    pc,
    `read_ nat 2>/dev/null; mkdir -p .vendor-abc/vendor; ln -s x .vendor-def
     deno task --quiet down; folders`,
  );
  assertEquals(said, 'Sandbox "default" was not there.\n1\n');
});

Deno.test("vendor: a registry that answers again is asked after an hour", async () => {
  await using pc = await fresh();
  await sh(pc, "read_ nat");
  const { said } = await sh(
    pc,
    `touch -d "61 minutes ago" vendor/contents.json; read_ nat
     [ -n "$(find -L vendor/contents.json -mmin -5)" ] && echo asked`,
  );
  assertEquals(said, "asked\n");
});

Deno.test("vendor: what Deno filled itself is left alone", async () => {
  await using pc = await fresh();
  await sh(
    pc,
    "read_ nat; cp -RL vendor real; rm -r vendor .vendor-*; mv real vendor",
  );
  const { said } = await sh(pc, "read_ nat; ls -A | grep vendor");
  assertEquals(said, "vendor\n");
});

Deno.test("vendor: a checkout that cannot be written is fine if it is filled", async () => {
  await using pc = await fresh();
  const fill = "read_ nat 2>/dev/null; mount -o remount,bind,ro /mnt";
  assertEquals((await sh(pc, `${fill}; read_ nat`)).said, "");
  await using other = await fresh();
  const { code, said } = await sh(
    other,
    "mount -o remount,bind,ro /mnt; read_ nat",
  );
  assertEquals(code, 3, said);
  assertMatch(
    said,
    /^Cannot put the @std packages into \/mnt\/lab\/vendor: Read-only file system.*\nType the same once as somebody who may write there: they stay\.\n$/,
  );
});

Deno.test("vendor: another registry of the user's own changes nothing", async () => {
  await using pc = await fresh();
  const { code, said } = await sh(pc, "JSR_URL=https://jsr.example read_ nat");
  assert(code === 0, said);
  assertEquals(said, NEW);
});
