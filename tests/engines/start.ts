/** Starts the tasks that ask an engine, in a sandbox. */

import type { Task } from "../../lib/task/task.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { task as inspectTask } from "../../scripts/tasks/inspect-docker.ts";
import { denoArgs } from "../../vm/deno_args.ts";
import { exists } from "../../lib/cli/files.ts";
import { isInstalled } from "../../vm/path.ts";
import { ROOT, type Throwaway } from "../throwaway.ts";

/** Runs a script in the sandbox as the entry does, for this kind of machine. */
export async function start(
  lab: Throwaway,
  kind: Machine["kind"],
  script: string,
  { needs }: Pick<Task, "needs">,
  words: string[],
  ...env: string[]
) {
  const machine = { kind, name: "test", pid: lab.pid, isNew: false };
  return await lab.exec([
    "env",
    `LAB_MACHINE=${JSON.stringify(machine)}`,
    ...env,
    Deno.execPath(),
    ...denoArgs(machine, `${ROOT}${script}`, needs),
    ...words,
  ]);
}

/** On a Linux that is the sandbox. */
export const inspectDocker = (lab: Throwaway, ...words: string[]) =>
  start(lab, "none", "scripts/tasks/inspect-docker.ts", inspectTask, words);

/** What a Docker Engine takes, and this machine lacks. */
export function dockerLacks(): string[] {
  return ["dockerd", "docker", "containerd", "runc", "busybox"]
    .filter((program) => !isInstalled(program));
}

/** What Podman takes, and this machine lacks. */
export function podmanLacks(): string[] {
  const missing = ["podman", "crun", "conmon", "busybox"]
    .filter((program) => !isInstalled(program));
  // Podman's network program is on no PATH.
  if (!exists("/usr/lib/podman/netavark")) missing.push("netavark");
  return missing;
}

/** Starts Podman's two containers, and inspects them: see podman.sh. */
export async function inspectPodman(lab: Throwaway) {
  const machine = { kind: "none", name: "", pid: null, isNew: false } as const;
  const folder = "/run/podman-test";
  return await lab.exec([
    ..."unshare --mount sh".split(" "),
    `${ROOT}tests/engines/podman.sh`,
    folder,
    ROOT,
    "env",
    `LAB_MACHINE=${JSON.stringify(machine)}`,
    Deno.execPath(),
    ...denoArgs(
      machine,
      `${ROOT}scripts/tasks/inspect-docker.ts`,
      inspectTask.needs,
    ),
    "--engine=podman",
    "--json",
  ]);
}
