/**
 * The way into a VM, as far as it can be seen without one: the command lines
 * for hosts that are not here, and what is said where something is missing.
 * With a real VM: tests/vm/.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { explain } from "../../lib/cli/problem.ts";
import { quotedLine } from "../../lib/cli/shell.ts";
import { pathOf, ROOT } from "../../vm/path.ts";
import { vmPlace } from "../../vm/vagrant/place.ts";
import { openCommand, type Way } from "../../vm/vagrant/ssh.ts";
import { stateOf, stateProblem } from "../../vm/vagrant/state.ts";
import { checkoutFiles, PACK, unpackLine } from "../../vm/vagrant/sync.ts";

const way: Way = {
  host: "default",
  folder: ".lab/vm/0123456789ab",
  shares: true,
};
const onWindows: Way = { ...way, shares: false };

Deno.test("vagrant: ssh goes to the VM as root, by Vagrant's own configuration", () => {
  const [ssh, ...words] = vmPlace(way, "stamp", "ours").command(["true"], {});
  assertEquals(ssh, "ssh");
  assertEquals(words.slice(0, 4), [
    "-F",
    `${way.folder}/config`,
    "-o",
    "User=root",
  ]);
  assertEquals(words.at(-2), "default");
});

Deno.test("vagrant: a terminal is passed through only where there is one", () => {
  const flags = { terminal: "-t", ours: "-T", output: "-n" } as const;
  for (const streams of ["terminal", "ours", "output"] as const) {
    const { command, interrupt } = vmPlace(way, "stamp", streams);
    assert(command(["true"], {}).includes(flags[streams]));
    // At a terminal Ctrl-C goes the way of all keys, else its own.
    assertEquals(interrupt === undefined, streams === "terminal");
  }
});

Deno.test("vagrant: calls share one connection, but not on Windows, whose ssh cannot", () => {
  const shares = (words: string[]) =>
    words.some((word) => word.startsWith("Control"));
  for (const each of [way, onWindows]) {
    assertEquals(shares(openCommand(each, "true")), each.shares);
    const call = vmPlace(each, "stamp", "ours").command(["true"], {});
    assertEquals(shares(call), each.shares);
  }
});

Deno.test("vagrant: no word of a command line names a folder of the host", () => {
  const { command, interrupt, root } = vmPlace(way, "stamp", "ours");
  const words = command(["deno", "run", `${root}scripts/tasks/stage.ts`], {});
  for (const word of [...words, ...interrupt!, ...PACK, unpackLine("stamp")]) {
    assert(!word.includes(ROOT), word);
  }
});

Deno.test("vagrant: every word survives the VM's shell", async () => {
  const words = [
    "plain",
    "a  b",
    "",
    "$HOME",
    "it's",
    '"',
    "*",
    "\\",
    "a\nb",
    "~",
  ];
  const { stdout } = await run([
    "sh",
    "-c",
    quotedLine(["printf", "%s\\0", ...words]),
  ]);
  assertEquals(stdout.split("\0").slice(0, -1), words);
});

Deno.test("vagrant: a call does nothing in a VM with other files, and says so", async () => {
  const line = vmPlace(way, "ours", "ours").command(["echo", "ran"], {}).at(
    -1,
  )!;
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/.lab`);
    const here = line.replaceAll("/vagrant", folder);
    for (
      const [files, code, stdout] of [
        ["ours\n", 0, "ran\n"],
        ["theirs\n", 201, ""],
        ["", 201, ""],
      ] as const
    ) {
      await Deno.writeTextFile(`${folder}/.lab/files`, files);
      const result = await run(["sh", "-c", here]);
      assertEquals([result.code, result.stdout], [code, stdout], files);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("vagrant: the files packed here are the files unpacked there, and no others", async () => {
  const here = await Deno.makeTempDir({ prefix: "host side " });
  const there = await Deno.makeTempDir({ prefix: "vm-side-" });
  try {
    await run([
      "sh",
      "-c",
      'cd "$0" && mkdir -p .git .lab a/b && touch .git/x .lab/x a/b/c "a/it is" top',
      here,
    ]);
    await run([
      "sh",
      "-c",
      'cd "$0" && mkdir -p gone .lab && touch gone/x .lab/own',
      there,
    ]);
    const { names, stamp } = await checkoutFiles(`${here}/`);
    assertEquals(names, ["a/b/c", "a/it is", "top"]);

    const unpack = unpackLine(stamp).replaceAll("/vagrant", there);
    const script = `cd "$0" && ${quotedLine(PACK)} | sh -c ${
      quotedLine([unpack])
    }`;
    const list = names.map((name) => `${name}\n`).join("");
    const { code, stderr } = await run(["sh", "-c", script, here], list);
    assertEquals([code, stderr], [0, ""]);
    const { stdout } = await run([
      "sh",
      "-c",
      'cd "$0" && find . -type f | sort && cat .lab/files',
      there,
    ]);
    assertEquals(stdout.split("\n").slice(0, -1), [
      "./.lab/files",
      "./.lab/own",
      "./.lab/sync",
      "./a/b/c",
      "./a/it is",
      "./top",
      stamp,
    ]);

    await Deno.writeTextFile(`${here}/top`, "changed");
    assert((await checkoutFiles(`${here}/`)).stamp !== stamp);
  } finally {
    await Deno.remove(here, { recursive: true });
    await Deno.remove(there, { recursive: true });
  }
});

Deno.test("vagrant: paths are right on Windows and macOS, with spaces as well", () => {
  assertEquals(
    pathOf("file:///C:/Users/A%20B/lab/scripts/nat.ts", "windows"),
    "C:/Users/A B/lab/scripts/nat.ts",
  );
  assertEquals(
    pathOf("file:///Users/A%20B/lab/scripts/nat.ts", "darwin"),
    "/Users/A B/lab/scripts/nat.ts",
  );
});

Deno.test("vagrant: each state of a VM gets one sentence and the command to type", () => {
  const status = (state: string) =>
    stateOf(
      `1,default,provider-name,virtualbox\r\n2,default,state,${state}\r\n`,
    );
  const said = (state: string, words = "Connection refused") =>
    explain(stateProblem(status(state), words)).split("\n").slice(0, 2);
  assertEquals(said("poweroff"), [
    "The VM of this checkout does not run (Vagrant says: poweroff).",
    "Start it: vagrant up",
  ]);
  assertEquals(said("not_created"), [
    "The VM of this checkout is gone: it was destroyed behind Vagrant's back.",
    "Make a new one: vagrant up",
  ]);
  assertEquals(said("running"), [
    "The VM runs, but cannot be reached: Connection refused.",
    "If it is still starting, wait for it. Else start it anew: vagrant reload",
  ]);
  assertEquals(
    said("running", "root@127.0.0.1: Permission denied (publickey)"),
    [
      "The VM runs, but has not been prepared for the lab.",
      "Prepare it: vagrant provision",
    ],
  );
});

/** Types `deno task status` where Vagrant has its state in `folder`. */
async function status(folder: string, ...words: string[]) {
  const bin = await Deno.makeTempDir();
  try {
    for (const program of ["deno", "ssh", "tar"]) {
      const path = program === "deno" ? Deno.execPath() : `/usr/bin/${program}`;
      await Deno.symlink(path, `${bin}/${program}`);
    }
    const env = [`PATH=${bin}`, `VAGRANT_DOTFILE_PATH=${folder}`, "LAB_ON="];
    const deno = [`${bin}/deno`, "run", "--quiet", "--allow-all"];
    return await run([
      "/usr/bin/env",
      ...env,
      ...deno,
      `${ROOT}scripts/tasks/status.ts`,
      ...words,
    ]);
  } finally {
    await Deno.remove(bin, { recursive: true });
  }
}

Deno.test("vagrant: --on vm without a VM and without Vagrant says what to install", async () => {
  const { code, stderr } = await status("/nonexistent", "--on", "vm");
  assertEquals(code, 3);
  assertEquals(stderr.split("\n")[0], "There is no VM in this checkout.");
  assertStringIncludes(stderr, "Install Vagrant");
});

Deno.test("vagrant: a VM without a Vagrant to ask about it is said to be one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const machine = `${folder}/machines/default/virtualbox`;
    await Deno.mkdir(machine, { recursive: true });
    await Deno.writeTextFile(`${machine}/id`, crypto.randomUUID());
    const { code, stdout, stderr } = await status(folder);
    assertEquals([code, stdout], [3, ""]);
    assertStringIncludes(
      stderr,
      "There is a VM in this checkout, but no Vagrant",
    );
    // Sandboxes are not in its way.
    const sandbox = await status(folder, "--on", "sandbox", "--name", "none");
    assertStringIncludes(sandbox.stdout, "Machine: none yet");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("vagrant: a VM has no name, sandboxes have", async () => {
  const { code, stderr } = await status("/nonexistent", "--on=vm", "--name=x");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "takes no --name");
});
