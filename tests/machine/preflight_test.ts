/** Why no sandbox can be made, and what helps. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { installCommand } from "../../lib/cli/packages.ts";
import { explainBlocker } from "../../vm/preflight.ts";
import { throwaway } from "../throwaway.ts";

Deno.test("preflight: names the limit that is 0, and how to raise it", async () => {
  await using pc = await throwaway();
  await pc.run("sysctl -w user.max_net_namespaces=0");
  const { code, stderr } = await pc.type("stage:netns");
  assertEquals(code, 3);
  assertEquals(
    stderr,
    "Cannot make a sandbox, its network namespace: unshare failed: No space left on device. user.max_net_namespaces is 0: they are switched off.\n" +
      "As root: sysctl -w user.max_net_namespaces=15000\n",
  );
  await pc.run("sysctl -w user.max_user_namespaces=0");
  assertStringIncludes(
    (await pc.type("stage:netns")).stderr,
    "user.max_user_namespaces is 0",
  );
});

Deno.test("preflight: names the programs that are missing and their packages", async () => {
  await using pc = await throwaway();
  for (const program of ["ping", "iptables"]) {
    const { stdout } = await pc.exec(["sh", "-c", `command -v ${program}`]);
    const real = await pc.run(`readlink -f ${stdout.trim()}`);
    // Something that is no file is no program.
    await pc.run(`mount --bind /dev/null ${real.stdout.trim()}`);
  }
  const { code, stderr } = await pc.type("stage:netns");
  assertEquals(code, 3);
  assertMatch(
    stderr,
    /^A sandbox takes programs that are not installed here: ping, iptables\.\nType \.\/lab,/,
  );
});

Deno.test("installCommand: speaks the words of each distribution", () => {
  const programs = ["ip", "ping", "iptables", "unshare", "nsenter"];
  const lines = {
    "ID=debian": "apt-get install iproute2 iputils-ping iptables util-linux",
    "ID=ubuntu\nID_LIKE=debian":
      "apt-get install iproute2 iputils-ping iptables util-linux",
    "ID=fedora": "dnf install iproute iputils iptables-nft util-linux",
    'ID="rocky"\nID_LIKE="rhel centos fedora"':
      "dnf install iproute iputils iptables-nft util-linux",
    "ID=alpine": "apk add iproute2 iputils iptables util-linux",
    "ID=arch": "pacman -S iproute2 iputils iptables-nft util-linux",
  };
  for (const [release, line] of Object.entries(lines)) {
    assertEquals(installCommand(programs, release), line, release);
  }
  assertEquals(installCommand(programs, "ID=plan9"), undefined);
});

const NOT_PERMITTED = "unshare: unshare failed: Operation not permitted\n";

Deno.test("explainBlocker: tells AppArmor, the sysctl and seccomp apart", () => {
  const explain = (files: Record<string, string>, words = NOT_PERMITTED) =>
    explainBlocker("user namespace", words, (path) => files[path]);

  const debian = explain({ "/proc/sys/kernel/unprivileged_userns_clone": "0" });
  assertStringIncludes(debian.message, "only root may make user namespaces");
  assertEquals(
    debian.next,
    "As root: sysctl -w kernel.unprivileged_userns_clone=1",
  );

  const ubuntu = explain({
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1",
  }, "mount: /run: permission denied.");
  assertStringIncludes(ubuntu.message, "AppArmor");
  assertStringIncludes(ubuntu.next, "apparmor_restrict_unprivileged_userns=0");

  const container = explain({ "/proc/self/status": "Name: x\nSeccomp:\t2\n" });
  assertStringIncludes(container.message, "seccomp");
  assertStringIncludes(container.next, "seccomp=unconfined");

  const full = explain(
    { "/proc/sys/user/max_user_namespaces": "9" },
    "unshare: unshare failed: No space left on device",
  );
  assertStringIncludes(full.message, "The limit of namespaces is reached");

  const processes = explain(
    {},
    "unshare: fork failed: Resource temporarily unavailable",
  );
  assertStringIncludes(processes.next, "ulimit -u");
  for (const each of [debian, ubuntu, container, full, processes]) {
    assertEquals(each.exit, 3);
  }
});
