/** What chapter docker and `inspect-docker` say where there is no engine. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { docker } from "../../scripts/beyond/docker.ts";
import { inspectDocker, start } from "../engines/start.ts";
import { sharedFolder, throwaway } from "../throwaway.ts";

Deno.test("docker: says what to install where there is no engine", async () => {
  await using lab = await throwaway();
  const bin = await sharedFolder();
  const sh = (await lab.run("which sh")).stdout.trim();
  await Deno.symlink(sh, `${bin}/sh`);
  const script = "scripts/tasks/beyond.ts";
  const { code, stderr } = await start(
    lab,
    "sandbox",
    script,
    docker,
    ["docker"],
    `PATH=${bin}`,
  );
  await Deno.remove(bin, { recursive: true });
  assertEquals(code, 3, stderr);
  const packages = "docker.io containerd runc busybox-static";
  assertEquals(
    stderr,
    `Cannot start a Docker Engine: not installed here: ${packages}.\n` +
      "On Debian or Ubuntu: sudo apt-get install --no-install-recommends " +
      `${packages}\n`,
  );
});

Deno.test("inspect-docker: says what it takes where no engine answers", async () => {
  await using lab = await throwaway();
  const { code, stderr } = await inspectDocker(lab, "--engine", "docker");
  assertEquals(code, 3);
  assertStringIncludes(stderr, "Cannot read the containers: ");
  assertStringIncludes(stderr, "sudo deno task inspect-docker");
});
