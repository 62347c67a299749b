/** The network namespaces of this machine, and work done inside of them. */

import { Problem } from "../cli/problem.ts";
import { shell } from "../cli/shell.ts";
import { cString, lastError, libc, O_CLOEXEC } from "./libc.ts";
import { t } from "../cli/translate.ts";

/** A network namespace that we hold open. */
export interface NamespaceHandle {
  /** "" for the machine's own; else its name, or `pid N`. */
  name: string;
  /** A file descriptor that setns(2) takes. */
  fd: number;
  /** What the kernel calls it, such as `net:[4026531840]`. */
  id: string;
  /** What to type before a command that is to run in it. */
  prefix: string;
}

/** What people call a namespace. */
export function called(name: string): string {
  return name === "" ? "PC" : name;
}

/** Where names of namespaces are kept: by ip-netns(8), and by Docker. */
const FOLDERS = ["/run/netns", "/run/docker/netns"];

/**
 * Opens the machine's namespace and every named one, and that of process
 * `pid`. One that has several names is opened once.
 */
export function openNamespaces(pid?: number): NamespaceHandle[] {
  const here = open("/proc/thread-self/ns/net", "", "");
  if (!here) {
    throw new Problem(
      t`Cannot enter a network namespace: ${lastError().words}.`,
      t`A trace takes root, or the sandbox: --on sandbox.`,
    );
  }
  const named = FOLDERS.flatMap((folder) =>
    namesIn(folder).map((name) => {
      const path = `${folder}/${name}`;
      return folder === "/run/netns"
        ? open(path, name, shell`ip netns exec ${name}`)
        : open(path, name.slice(0, 12), shell`nsenter ${`--net=${path}`}`);
    })
  );
  const ofPid = pid === undefined ? undefined : open(
    `/proc/${pid}/ns/net`,
    t`pid ${pid}`,
    `nsenter --target ${pid} --net`,
  );
  const failed = lastError().words;
  enter(here);
  if (pid !== undefined && !ofPid) {
    throw new Problem(
      t`Cannot open the network namespace of process ${pid}: ${failed}.`,
      t`It takes a process of this machine, and root. A container's: docker inspect -f '{{.State.Pid}}' NAME`,
    );
  }
  const namespaces: NamespaceHandle[] = [];
  for (const namespace of [here, ...named, ofPid]) {
    if (namespace && !namespaces.some(({ id }) => id === namespace.id)) {
      namespaces.push(namespace);
    }
  }
  return namespaces;
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

/** Undefined if there is no namespace: a name may outlive it as a bare file. */
function open(
  path: string,
  name: string,
  prefix: string,
): NamespaceHandle | undefined {
  const fd = libc().open(cString(path), O_CLOEXEC);
  if (fd < 0) return undefined;
  if (libc().setns(fd, CLONE_NEWNET) === 0) {
    const id = readLink("/proc/thread-self/ns/net");
    return { name, fd, id, prefix };
  }
  libc().close(fd);
}

function readLink(path: string): string {
  const target = new Uint8Array(64);
  const length = Number(libc().readlink(cString(path), target, 64n));
  return new TextDecoder().decode(target.subarray(0, Math.max(0, length)));
}

const CLONE_NEWNET = 0x40000000;

/**
 * Does a piece of work with this thread inside a namespace, see
 * {@link https://man7.org/linux/man-pages/man2/setns.2.html setns(2)}. The way
 * back is taken as soon as `work` returns. So what it awaits happens outside;
 * but a socket or a program that it opened or started before that stays in.
 */
export function inside<T>(
  namespaces: NamespaceHandle[],
  namespace: NamespaceHandle,
  work: () => T,
): T {
  enter(namespace);
  try {
    return work();
  } finally {
    enter(namespaces[0]);
  }
}

function enter({ fd, name }: NamespaceHandle): void {
  if (libc().setns(fd, CLONE_NEWNET) === 0) return;
  throw new Problem(
    t`Cannot enter namespace ${called(name)}: ${lastError().words}.`,
    t`A trace takes root, or the sandbox: --on sandbox.`,
  );
}

/** Lets go of them. */
export function closeNamespaces(namespaces: NamespaceHandle[]): void {
  for (const { fd } of namespaces) libc().close(fd);
}
