/**
 * What `deno task test:fresh` says where it cannot go on, and that nothing of
 * it outlives it. The Debians themselves are made by test:fresh.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { ROOT, sharedFolder, throwaway } from "../throwaway.ts";

const RUN = `${ROOT}tests/fresh/run.sh`;

Deno.test("test:fresh: who is not root is told so, and what to type", async () => {
  await using lab = await throwaway();
  // Nobody's user namespace: in there, somebody who is not root.
  const line = `exec sh -s -- trixie <${RUN}`;
  const { code, stderr } = await lab.exec(
    ["unshare", "--user", "sh", "-c", line],
  );
  assertEquals([code, stderr], [
    3,
    "fresh: To make a fresh Debian takes root.\n" +
    "fresh: Type this: sudo ./lab test:fresh\n",
  ]);
});

/** A folder with a stand-in for programs that not everybody has. */
async function standIns(): Promise<string> {
  const folder = await sharedFolder();
  for (const program of ["git", "openssl", "apt-config"]) {
    await Deno.writeTextFile(`${folder}/${program}`, "#!/bin/sh\n", {
      mode: 0o755,
    });
  }
  return folder;
}

const withPath = (folder: string) => `PATH=${folder}:${Deno.env.get("PATH")!}`;

Deno.test("test:fresh: packages that are missing are named, with the command", async () => {
  await using lab = await throwaway();
  const folder = await standIns();
  for (const program of ["sh", "id"]) {
    const path = (await run(["which", program])).stdout.trim();
    await Deno.symlink(path, `${folder}/${program}`);
  }
  // Nothing else is on its PATH, which it adds these two to.
  const hide = "mount -t tmpfs none /usr/sbin; exec env";
  const { code, stderr } = await lab.exec(
    ["sh", "-c", `${hide} PATH=${folder} sh ${RUN} trixie`],
  );
  await Deno.remove(folder, { recursive: true });
  assertEquals(code, 3, stderr);
  assertStringIncludes(
    stderr,
    "On Debian, as root: apt-get install --no-install-recommends mmdebstrap",
  );
});

for (const signal of ["INT", "TERM", "KILL"] as const) {
  Deno.test(`test:fresh: SIG${signal} ends it with all that runs in it`, async () => {
    await using lab = await throwaway();
    const folder = await standIns();
    const seconds = `${1000 + Math.floor(Math.random() * 1e6)}`;
    await Deno.writeTextFile(
      `${folder}/mmdebstrap`,
      `#!/bin/sh\nexec sleep ${seconds}\n`,
      { mode: 0o755 },
    );
    const mounts = (await lab.run("cat /proc/self/mountinfo")).stdout;
    const start = ["env", withPath(folder), "sh", RUN, "trixie"];
    const ended = lab.exec(["sh", "-c", 'echo $$ >/run/fresh; exec "$@"', "sh"]
      .concat(start));
    const runs = async () =>
      (await lab.run(`pgrep -fx sleep.${seconds}`)).code === 0;
    const deadline = Date.now() + 60_000;
    while (!await runs()) assert(Date.now() < deadline, "it never started");
    await lab.exec(["sh", "-c", `kill -${signal} $(cat /run/fresh)`]);
    await ended;
    while (await runs()) assert(Date.now() < deadline, "it still runs");
    assertEquals((await lab.run("cat /proc/self/mountinfo")).stdout, mounts);
    await Deno.remove(folder, { recursive: true });
  });
}
