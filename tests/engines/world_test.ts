/** The closed world that test:vm starts its VM in: see vm/world.sh. */

import { assert, assertEquals } from "@std/assert";
import { type Result, run } from "../../lib/cli/command.ts";
import { ROOT } from "../../vm/path.ts";
import { hostState } from "../host/state.ts";

const WORLD = ["sh", `${ROOT}vm/world.sh`];

/** A test that starts a world, left out with the reason where none can be. */
function withWorld(name: string, test: () => Promise<void>) {
  const why = whyNone();
  Deno.test({
    name: `world: ${name}${why && ` (left out: ${why})`}`,
    ignore: why !== "",
    fn: test,
  });
}

function whyNone(): string {
  if (Deno.build.os !== "linux") return "this is no Linux";
  const args = [...WORLD.slice(1), "--check"];
  const { success, stderr } = new Deno.Command("sh", { args }).outputSync();
  const [reason] = new TextDecoder().decode(stderr).split("\n");
  return success ? "" : reason.replace(/^world: /, "");
}

/** Runs a shell's line in a world. */
function inWorld(line: string): Promise<Result> {
  return run([...WORLD, "sh", "-c", line]);
}

withWorld("owns its 8.8.8.8, and its libvirt answers", async () => {
  const { code, stdout, stderr } = await inWorld(
    `ping -c 1 -W 5 8.8.8.8 | grep -o ttl=64
     ruby -rlibvirt -e 'puts Libvirt.open("qemu:///system").list_all_domains.size'
     ls -A "$VAGRANT_HOME"; exit 7`,
  );
  assertEquals([code, stdout, stderr], [7, "ttl=64\n0\n", ""]);
});

withWorld("what it changes stays in it", async () => {
  const mark = `lab-world-${crypto.randomUUID()}`;
  const before = await hostState();
  const { code } = await inWorld(
    `touch /etc/${mark} /run/${mark} /var/lib/${mark} &&
     ip link add name lab-world type bridge && sysctl -qw net.ipv4.ip_forward=1`,
  );
  assertEquals(code, 0);
  const files = ["/etc", "/run", "/var/lib"].map((at) => `${at}/${mark}`);
  assertEquals((await run(["ls", ...files])).stdout, "");
  assertEquals(await hostState(), before);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
  withWorld(`${signal} ends it with all that runs in it`, async () => {
    const seconds = `${1000 + Math.floor(Math.random() * 1e6)}`;
    const [program, ...args] = WORLD;
    const world = new Deno.Command(program, {
      args: [...args, "sleep", seconds],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const runs = async () =>
      (await run(["pgrep", "-fx", `sleep ${seconds}`])).code === 0;
    const deadline = Date.now() + 30_000;
    while (!await runs()) assert(Date.now() < deadline, "it never started");
    world.kill(signal);
    await world.status;
    while (await runs()) assert(Date.now() < deadline, "it still runs");
  });
}
