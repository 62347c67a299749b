/** Why no sandbox can be made here, found out by trying; and what helps. */

import { run } from "../lib/cli/command.ts";
import { installAdvice, labPrograms } from "../lib/cli/packages.ts";
import { Problem } from "../lib/cli/problem.ts";
import { isInstalled } from "./path.ts";
import { isRoot, unprivileged } from "./sandbox/rights.ts";
import { t } from "../lib/cli/translate.ts";

/** Throws a {@linkcode Problem} where a sandbox is out of the question. */
export function checkPrograms(): void {
  if (Deno.build.os !== "linux") {
    throw new Problem(
      t`A sandbox is made of Linux namespaces, and this is ${Deno.build.os}.`,
      t`Make the VM: vagrant up. Every task then runs inside it.`,
    );
  }
  const missing = labPrograms().filter((program) =>
    // Only root has rights to give up.
    !isInstalled(program) && (program !== "setpriv" || isRoot())
  );
  if (missing.length > 0) {
    throw new Problem(
      t`A sandbox takes programs that are not installed here: ${
        missing.join(", ")
      }.`,
      installAdvice(missing),
    );
  }
}

/** Tried in this order, each with one thing more than the one before. */
const TRIES = [
  ["user namespace", "--user --map-root-user true"],
  ["process and host name", "--user --map-root-user --pid --uts --fork true"],
  ["network namespace", "--user --map-root-user --net true"],
  [
    "mount",
    "--user --map-root-user --mount mount -t tmpfs pc-run /run",
  ],
  [
    "network link",
    "--user --map-root-user --net ip link add name eth0 type veth peer name isp0",
  ],
] as const;

/**
 * The reason behind the words that a failed start left: tries the parts of a
 * sandbox one by one and explains the first that fails.
 */
export async function blocker(words: string): Promise<Problem> {
  for (const [part, args] of TRIES) {
    const line = unprivileged(["unshare", ...args.split(" ")]);
    const { code, stderr } = await run(line);
    if (code === 0) continue;
    return explainBlocker(part, stderr, readEvidence);
  }
  return explainBlocker("sandbox", words, readEvidence);
}

/** What a failure is held against: a file of /proc, or undefined. */
export type Evidence = (path: string) => string | undefined;

/** By way of cat(1): Deno itself reads /proc only with leave for everything. */
function readEvidence(path: string): string | undefined {
  const { success, stdout } = new Deno.Command("cat", { args: [path] })
    .outputSync();
  return success ? new TextDecoder().decode(stdout).trim() : undefined;
}

/**
 * The exact blocker and its fix.
 *
 * @param part what was tried: a part of the sandbox, or all of it.
 * @param words what the failed program said.
 * @param read reads a file of /proc.
 */
export function explainBlocker(
  part: string,
  words: string,
  read: Evidence,
): Problem {
  const said = words.trim().split("\n").at(-1)!
    .replace(/^(unshare|mount|sh|.*sandbox\.sh): /, "").replace(/\.$/, "") ||
    t`it ended without a word`;
  const what = part === "sandbox"
    ? t`Cannot make a sandbox: ${said}.`
    : t`Cannot make a sandbox, its ${part}: ${said}.`;
  const is = (name: string, value: string) =>
    read(`/proc/sys/${name.replaceAll(".", "/")}`) === value;
  const set = (name: string, value: number | string) =>
    t`As root: sysctl -w ${name}=${value}`;

  if (part !== "sandbox" && /No space left/.test(words)) {
    const kind = { "network namespace": "net", mount: "mnt" }[part] ?? "user";
    const limit = `user.max_${kind}_namespaces`;
    return is(limit, "0")
      ? new Problem(
        t`${what} ${limit} is 0: they are switched off.`,
        set(limit, 15000),
      )
      : new Problem(
        t`${what} The limit of namespaces is reached.`,
        t`End what holds some (lsns shows it), or raise the limit: see sysctl ${limit}`,
      );
  }
  if (/Resource temporarily unavailable|Cannot fork/.test(words)) {
    return new Problem(
      what,
      t`No more processes can be made (see \`ulimit -u\`): end some, then type the same again.`,
    );
  }
  if (/No space left|Read-only file system/.test(words)) {
    return new Problem(
      what,
      t`Use a checkout in a folder that can be written.`,
    );
  }
  if (!/not permitted|[Pp]ermission denied/.test(words)) {
    return new Problem(what, t`Type the same again; if it stays: vagrant up.`);
  }
  if (is("kernel.unprivileged_userns_clone", "0")) {
    return new Problem(
      t`${what} kernel.unprivileged_userns_clone is 0: only root may make user namespaces.`,
      set("kernel.unprivileged_userns_clone", 1),
    );
  }
  if (is("kernel.apparmor_restrict_unprivileged_userns", "1")) {
    return new Problem(
      t`${what} AppArmor takes the rights away from user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1, as Ubuntu 24.04 has it).`,
      [
        t`Let one program do it, by a profile for unshare:`,
        "  sudo cp vm/apparmor/docker0-by-hand /etc/apparmor.d/",
        "  sudo apparmor_parser -r /etc/apparmor.d/docker0-by-hand",
        t`Or let all programs do it, until the next start:`,
        "  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
      ].join("\n"),
    );
  }
  if (/^Seccomp:\s*2$/m.test(read("/proc/self/status") ?? "")) {
    return new Problem(
      t`${what} A seccomp filter forbids it, as in most containers.`,
      t`Start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined, or use the host or a VM.`,
    );
  }
  return new Problem(
    what,
    t`Run it outside of the container or jail that you are in, or make the VM: vagrant up.`,
  );
}
