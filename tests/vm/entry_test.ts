/** The way into a VM that runs, from its host: see tests/vm/run.sh. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { ROOT } from "../../vm/path.ts";
import { hasVm, leftOut, type } from "./sides.ts";

if (!hasVm) leftOut("the way into a VM");
else {
  Deno.test("vm: a program's exit code, output and errors come out, input goes in", async () => {
    const program = "read word; echo out $word; echo err >&2; exit 201";
    const child = new Deno.Command("deno", {
      args: ["task", "--quiet", "exec", "--", "sh", "-c", program],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("word\n"));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    assertEquals(
      [code, text.decode(stdout), text.decode(stderr)],
      [201, "out word\n", "err\n"],
    );
  });

  Deno.test("vm: words reach a program as they were typed", async () => {
    const words = ["a  b", "", "$HOME", "it's", 'a"b', "*", "\\n", "a\nb", "ü"];
    const { stdout } = await type("exec --", "printf", "<%s>", ...words);
    assertEquals(stdout, words.map((word) => `<${word}>`).join(""));
  });

  Deno.test("vm: 255 is a program's exit code like others", async () => {
    const { code, stderr } = await type("exec -- sh -c", "exit 255");
    assertEquals([code, stderr], [255, ""]);
  });

  Deno.test("vm: at a terminal a program finds a terminal", async () => {
    const typed = "deno task --quiet exec -- sh -c 'tty; exit 9'";
    const { code, stdout } = await run(["script", "-qec", typed, "/dev/null"]);
    assertEquals(code, 9);
    assertStringIncludes(stdout, "/dev/pts/");
  });

  for (const signal of ["INT", "TERM"]) {
    Deno.test(`vm: SIG${signal} ends a program in there, and nothing of it stays`, async () => {
      const seconds = 1000 + Math.floor(Math.random() * 1e6);
      // setsid: a process group of its own, as a terminal makes one.
      const child = new Deno.Command("setsid", {
        args: ["deno", "task", "exec", "--", "sleep", `${seconds}`],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      const runs = async () =>
        (await type("exec -- pgrep -fx", `sleep ${seconds}`)).code === 0;
      const deadline = Date.now() + 20_000;
      while (!await runs()) assert(Date.now() < deadline, "never started");
      const kill = ["kill", "-s", signal, "--", `-${child.pid}`];
      assertEquals((await run(kill)).code, 0);
      assertEquals((await child.status).code, 130);
      while (await runs()) assert(Date.now() < deadline, "still runs");
    });
  }

  Deno.test("vm: a file that changed is there before the next command, one that went is gone", async () => {
    const name = `changed-${crypto.randomUUID()}.tmp`;
    const look = () => type("exec -- cat", name);
    try {
      await Deno.writeTextFile(ROOT + name, "first");
      assertEquals((await look()).stdout, "first");
      await Deno.writeTextFile(ROOT + name, "second");
      assertEquals((await look()).stdout, "second");
    } finally {
      await Deno.remove(ROOT + name);
    }
    assertEquals((await look()).code, 1);
  });

  Deno.test("vm: files that somebody changed in there are brought anew", async () => {
    const spoil = "rm -r lib; echo other >.lab/files";
    assertEquals((await type("exec -- sh -c", spoil)).code, 0);
    assertEquals((await type("exec -- test -f lib/lab/plan.ts")).code, 0);
  });

  Deno.test("vm: an ssh configuration that no longer holds is asked for anew", async () => {
    for await (const config of configs()) {
      const text = await Deno.readTextFile(config);
      await Deno.writeTextFile(config, text.replace(/Port \d+/, "Port 1"));
      const control = config.replace(/config$/, "control");
      await run(["ssh", "-O", "exit", "-o", `ControlPath=${control}`, "x"]);
    }
    const { code, stderr } = await type("exec -- true");
    assertEquals([code, stderr], [0, ""]);
  });

  Deno.test("vm: --on sandbox still means the host's sandbox", async () => {
    const address = ["ip", "-4", "-brief", "address", "show", "eth0"];
    const there = await type("exec --", ...address);
    const here = await type("exec --on sandbox --", ...address);
    await type("down --on sandbox");
    assert(!there.stdout.includes("203.0.113.2"), there.stdout);
    assertStringIncludes(here.stdout, "203.0.113.2");
  });

  Deno.test("vm: a VM that was not prepared is said to be, and how to", async () => {
    const hide = "mv /usr/local/bin/deno /root/deno";
    assertEquals((await type(`exec -- ${hide}`)).code, 0);
    try {
      // Found out at the next connection.
      await Deno.remove(`${ROOT}.lab/vm`, { recursive: true });
      const { code, stderr } = await type("status");
      assertEquals([code, stderr.trim()], [
        3,
        "The VM runs, but has not been prepared for the lab.\n" +
        "Prepare it: vagrant provision",
      ]);

      const provisioned = await run(["vagrant", "--no-tty", "provision"]);
      assert(provisioned.code !== 0);
      assertStringIncludes(
        provisioned.stdout + provisioned.stderr,
        "Give the VM a network, then type: vagrant provision",
      );
    } finally {
      await ssh("mv /root/deno /usr/local/bin/deno");
    }
  });

  Deno.test("vm: preparing it again changes nothing", async () => {
    await ssh("touch /run/before");
    const { code, stdout } = await run(["vagrant", "--no-tty", "provision"]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "The VM is ready");
    const newer = "find /etc /root /usr /opt -type f -newer /run/before";
    // The lease of its address renews itself.
    assertEquals((await ssh(`${newer} ! -name resolv.conf`)).stdout, "");
  });
}

async function* configs(): AsyncGenerator<string> {
  for await (const { name } of Deno.readDir(`${ROOT}.lab/vm`)) {
    yield `${ROOT}.lab/vm/${name}/config`;
  }
}

/** Past the entry, as Vagrant does it. */
async function ssh(command: string) {
  return await run(["vagrant", "ssh", "--command", `sudo sh -c "${command}"`]);
}
