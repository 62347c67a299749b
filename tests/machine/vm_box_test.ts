/**
 * What `deno task vm:box` and `deno task test:vm` say where they cannot go on,
 * and that they leave nothing half-made behind. Programs that take long or
 * would need a full disk are stand-ins here; a box is really made by test:vm.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../lib/cli/command.ts";
import { pathOf, ROOT } from "../../vm/path.ts";
import { throwaway } from "../throwaway.ts";
import { exists } from "../../lib/cli/files.ts";

const BUILD = `${ROOT}vm/box/build.sh`;

/** A folder of stand-ins for programs, in front of the PATH; and one for a box. */
class Bench implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "box-" });
  readonly box = `${this.folder}/out/lab.box`;
  readonly path = `${this.folder}/bin:/usr/local/bin:/usr/bin:/bin`;

  constructor() {
    // A sandbox of root's sees it too, as nobody in particular.
    Deno.chmodSync(this.folder, 0o755);
    Deno.mkdirSync(`${this.folder}/bin`);
    Deno.mkdirSync(`${this.folder}/out`);
  }

  put(program: string, script: string) {
    const file = `${this.folder}/bin/${program}`;
    Deno.writeTextFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  argv(...options: string[]): string[] {
    const words = ["--no-add", "--output", this.box, "--deno", Deno.execPath()];
    return ["env", `PATH=${this.path}`, "bash", BUILD, ...words, ...options];
  }

  build(...options: string[]): Promise<Result> {
    return run(this.argv(...options));
  }

  /** What is there of a box. (The lock stays: others may wait for it.) */
  left(): string[] {
    return [...Deno.readDirSync(`${this.folder}/out`)]
      .map(({ name }) => name).filter((name) => name !== "lab.box.lock");
  }

  [Symbol.dispose]() {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** A test that gets past the question of what is installed. */
function withPackages(name: string, test: () => Promise<void>) {
  const missing = [
    "/usr/bin/vagrant",
    "/usr/bin/mmdebstrap",
    "/usr/bin/qemu-img",
    "/usr/lib/grub/i386-pc/boot.img",
  ].filter((file) => !exists(file));
  const why = missing.length > 0 ? ` (left out: no ${missing[0]} here)` : "";
  Deno.test({ name: name + why, ignore: why !== "", fn: test });
}

Deno.test("vm:box: a word that it does not know is usage", async () => {
  using bench = new Bench();
  const { code, stderr } = await bench.build("--bxo");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Unknown argument --bxo");
});

Deno.test("vm:box: another processor is told to use another box", async () => {
  using bench = new Bench();
  bench.put("apt-get", "");
  bench.put("dpkg", "echo arm64");
  const { code, stderr } = await bench.build();
  assertEquals([code, stderr.trim()], [
    3,
    "vm:box: The offline box can be made on amd64 only, and this is arm64.\n" +
    "vm:box: Use a box of the wider world: vagrant up.",
  ]);
});

Deno.test("vm:box: packages that are missing are named, with the command", async () => {
  using bench = new Bench();
  bench.put("apt-get", "");
  bench.put("dpkg", "echo amd64");
  for (const tool of ["bash", "dirname", "uname", "find"]) {
    const file = ["/usr/bin", "/bin"].map((bin) => `${bin}/${tool}`).find(
      exists,
    );
    Deno.symlinkSync(file!, `${bench.folder}/bin/${tool}`);
  }
  const argv = bench.argv().map((word) =>
    word.startsWith("PATH=") ? `PATH=${bench.folder}/bin` : word
  );
  const { code, stderr } = await run(["/usr/bin/env", ...argv.slice(1)]);
  assertEquals(code, 3);
  assert(/not installed here: mmdebstrap\b.* qemu-utils/.test(stderr), stderr);
  assert(/apt-get install --no-install-recommends mmdebstrap/.test(stderr));
});

withPackages(
  "vm:box: too little disk is said before anything is done",
  async () => {
    using bench = new Bench();
    await using lab = await throwaway();
    const mount = `mount -t tmpfs -o size=20M none ${bench.folder}/out && "$@"`;
    const { code, stderr } = await lab.exec([
      "sh",
      "-c",
      mount,
      "sh",
      ...bench.argv(),
    ]);
    assertEquals(code, 3);
    assertStringIncludes(stderr, "takes 3000 MB of disk, and 20 MB are free");
    assertStringIncludes(stderr, "--output FILE");
  },
);

withPackages(
  "vm:box: a build that fails says why, and leaves the box of before",
  async () => {
    using bench = new Bench();
    bench.put("mmdebstrap", "echo E: no such package >&2; exit 25");
    Deno.writeTextFileSync(bench.box, "the box of before");
    const { code, stderr } = await bench.build();
    assertEquals(code, 3);
    assertStringIncludes(stderr, "E: no such package\nvm:box: No box was made");
    assertEquals(bench.left(), ["lab.box"]);
    assertEquals(Deno.readTextFileSync(bench.box), "the box of before");
  },
);

withPackages(
  "vm:box: a disk that fills up is said to have, and nothing is left on it",
  async () => {
    using bench = new Bench();
    const df =
      `echo Avail; if [ -e "$0.full" ]; then echo 7; else echo 5000; fi`;
    bench.put("df", df);
    bench.put("mmdebstrap", `touch "\${0%/*}/df.full"; exit 1`);
    const { code, stderr } = await bench.build();
    assertEquals(code, 3);
    assertStringIncludes(
      stderr,
      "The disk filled up while installing Debian's",
    );
    assertStringIncludes(stderr, "Make room there");
    assertEquals(bench.left(), []);
  },
);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  withPackages(
    `vm:box: ${signal} ends it within a second, and nothing is left`,
    async () => {
      using bench = new Bench();
      const started = `${bench.folder}/started`;
      bench.put("mmdebstrap", `echo $$ >${started}; exec sleep 60`);
      const [program, ...args] = bench.argv();
      const build = new Deno.Command(program, {
        args,
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const deadline = Date.now() + 20_000;
      while (!exists(started)) {
        assert(Date.now() < deadline, "it never started");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      build.kill(signal);
      const { code, stderr } = await build.output();
      assertEquals(code, signal === "SIGINT" ? 130 : 143);
      assertStringIncludes(new TextDecoder().decode(stderr), "nothing is left");
      assertEquals(bench.left(), []);
      const pid = Deno.readTextFileSync(started).trim();
      assertEquals((await run(["sh", "-c", `kill -0 ${pid}`])).code, 1);
    },
  );
}

Deno.test("test:vm: who is not root is told so, and what to type", async () => {
  await using lab = await throwaway();
  // Nobody's user namespace: in there, somebody who is not root.
  const line = `exec sh -s -- --check <${
    pathOf(new URL("../../vm/world.sh", import.meta.url))
  }`;
  const { code, stderr } = await lab.exec([
    "unshare",
    "--user",
    "sh",
    "-c",
    line,
  ]);
  assertEquals([code, stderr.split("\n")[0]], [
    3,
    "world: A world for VMs takes root.",
  ]);
});
