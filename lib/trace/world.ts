/** What is known of every namespace before the packet is sent, and after. */

import { ownWords, type Result, run } from "../cli/command.ts";
import { quoted, shellWords } from "../cli/shell.ts";
import { type Namespace, readNamespace } from "../net/snapshot.ts";
import { readText } from "./libc.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";
import { type CountedRule, readCounted } from "./rule_counters.ts";

/** A command and what it shows: the evidence for a sentence. */
export interface Evidence {
  /** As one would type it. */
  command: string;
  /** What it prints, or the kernel's words if it fails. */
  shows: string;
}

/** The state of a namespace. */
export interface State {
  /** Its interfaces and routes. */
  netns: Namespace;
  /** Every rule and policy of iptables, with its counter. */
  rules: CountedRule[];
  /** Counters of the kernel's IP layer, such as `Ip.InAddrErrors`. */
  counters: Record<string, number>;
}

/** All namespaces. */
export interface World {
  /** The machine's own comes first. */
  namespaces: NamespaceHandle[];
  /** Each one's state before the packet was sent. */
  before: Map<NamespaceHandle, State>;
}

/** Reads the state of all namespaces. */
export async function readWorld(namespaces: NamespaceHandle[]): Promise<World> {
  const states = await Promise.all(
    namespaces.map(async (namespace) =>
      [namespace, await readState(namespaces, namespace)] as const
    ),
  );
  return { namespaces, before: new Map(states) };
}

/** Reads the state of one namespace. */
async function readState(
  namespaces: NamespaceHandle[],
  namespace: NamespaceHandle,
): Promise<State> {
  const [netns, rules] = await Promise.all([
    inside(namespaces, namespace, () => readNamespace("")),
    readRules(namespaces, namespace),
  ]);
  return {
    netns: { ...netns, name: namespace.name },
    rules,
    counters: readCounters(namespaces, namespace),
  };
}

/** The rules of iptables in one namespace, with their counters. */
export async function readRules(
  namespaces: NamespaceHandle[],
  namespace: NamespaceHandle,
): Promise<CountedRule[]> {
  // Besides the backend that `iptables` stands for there may be the old one.
  const hasOld =
    fileIn(namespaces, namespace, "/proc/net/ip_tables_names") !== "";
  const programs = ["iptables-save"].concat(
    hasOld ? "iptables-legacy-save" : [],
  );
  const texts = await Promise.all(programs.map(async (program) => {
    try {
      const { stdout } = await inside(
        namespaces,
        namespace,
        () => run([program, "-c"]),
      );
      return stdout.replace(/^#.*\n/gm, "");
    } catch {
      return ""; // Not installed: then nobody has used it.
    }
  }));
  // The same text twice: both programs stand for the same backend.
  return [...new Set(texts)].flatMap((text, i) =>
    readCounted(text, programs[i].replace("-save", ""))
  );
}

/** The counters of the IP layer in one namespace, see proc(5). */
export function readCounters(
  namespaces: NamespaceHandle[],
  namespace: NamespaceHandle,
): Record<string, number> {
  const counters: Record<string, number> = {};
  for (const name of ["snmp", "netstat"]) {
    const lines = fileIn(namespaces, namespace, `/proc/net/${name}`).split(
      "\n",
    );
    // Lines come in twos: the names, then the numbers.
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const [group, ...names] = lines[i].split(" ");
      const [, ...numbers] = lines[i + 1].split(" ");
      names.forEach((each, n) =>
        counters[group.replace(":", ".") + each] = Number(numbers[n])
      );
    }
  }
  return counters;
}

/** A file below /proc as a namespace sees it; "" if there is none. */
function fileIn(
  namespaces: NamespaceHandle[],
  namespace: NamespaceHandle,
  path: string,
): string {
  // /proc/net is that of the process's first thread: say which thread.
  const own = path.replace(/^\/proc\/net\//, "/proc/thread-self/net/");
  return inside(namespaces, namespace, () => readText(own)).trim();
}

/** Runs a command line in a namespace, and keeps it as evidence. */
export async function ask(
  { namespaces }: World,
  namespace: NamespaceHandle,
  line: string,
): Promise<Evidence & Result> {
  const result = await inside(
    namespaces,
    namespace,
    () => run(shellWords(line)),
  );
  const { code, stdout, stderr } = result;
  return {
    ...result,
    command: `${namespace.prefix} ${line}`.trim(),
    shows:
      (code === 0
        ? stdout.trim().replace(/ +/g, " ").replace(/\s*\n\s*/g, "\n")
          // What `ip route get` says of its cache tells nobody anything.
          .replace(/\ncache\b.*/g, "")
        : ownWords(stderr)) || "(nothing)",
  };
}

/** A kernel setting in a namespace, with the command that shows it. */
export function setting(
  { namespaces }: World,
  namespace: NamespaceHandle,
  name: string,
): Evidence & { value: string } {
  // In sysctl's names a slash stands for the dot of a VLAN's interface.
  const path = name.replace(/[./]/g, (c) => c === "." ? "/" : ".");
  const value = fileIn(namespaces, namespace, `/proc/sys/${path}`);
  return {
    value,
    command: `${namespace.prefix} sysctl ${quoted(name)}`.trim(),
    shows: `${name} = ${value}`,
  };
}
