/** All that a lab could leave behind on the machine that it was tried on. */

import { ROOT } from "../../vm/path.ts";

/** Lines by what they are about. */
export type State = Record<string, string[]>;

/**
 * The machine's network, mounts, processes and files. Not what changes by
 * itself, such as counters and times; not what Deno keeps of modules that it
 * has compiled; and no IPv6, which the lab does not use and which gives
 * addresses to every link in its own time.
 */
export async function readState(): Promise<State> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", LOOK, ROOT],
    env: { LC_ALL: "C" },
    stdin: "null",
    stderr: "null",
  }).output();
  const state: State = { processes: processes() };
  let part = "";
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    if (line.startsWith("=== ")) state[part = line.slice(4)] = [];
    else if (line && !BY_ITSELF.test(line) && !LOCKS.test(line)) {
      state[part].push(line.replaceAll(NUMBERS, ""));
    }
  }
  return state;
}

const LOOK = `
  echo "=== links and addresses"; ip -d address | grep -v inet6
  echo "=== routes"; ip -4 route show table all
  echo "=== routing rules"; ip rule
  echo "=== namespaces"; ip netns list; ls /run/netns
  echo "=== outside"; ip -n outside -4 -oneline address; ip -n outside -4 route
  echo "=== iptables"; iptables-save | grep -e '^-' -e DROP
  echo "=== nftables"; ! command -v nft >/dev/null || nft list ruleset
  echo "=== sysctl"
  cd /proc/sys/net; grep -r . bridge core ipv4 ipv6/conf 2>/dev/null | sort
  echo "=== mounts"; sort /proc/self/mounts
  echo "=== files"
  find /run /tmp "$0.lab" -path /tmp/faults -prune -o -path "$0.lab/deno" -prune \\
    -o -path "$0.lab/cache" -prune -o -type f -printf '%p f %m %s\\n' -o -printf '%p %y %m %l\\n' | sort
`;

/** Also what the machine around the world mounts in its /run, and unmounts. */
const BY_ITSELF =
  /^#|nf_conntrack_count|fib_multipath_hash_seed|stat_|random|inet_peer|udp_mem|tcp_mem|^\/run\/xtables\.lock |^\/dev\/\S+ \/run\//;

/**
 * What is locked, and empty but for the word that it was used: whoever removed
 * it could lock a new one beside somebody who waits for this one.
 */
const LOCKS =
  /^\S+\/(sandbox d 700 |sandbox\/[a-z0-9-]+ f 600 0|docker0-by-hand\.lock f 600 5)$/;

const NUMBERS =
  /valid_lft .*|counter packets \d+ bytes \d+|\[\d+:\d+\]| \(id: \d+\)/g;

/** The command lines of all processes but our own ones. */
function processes(): string[] {
  const all = allProcesses();
  // Process 1 has started us.
  const ours = new Set([1, Deno.pid]);
  for (const { pid, parent } of all) {
    if (parent > 1 && ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid, words }) => !ours.has(pid) && words !== "")
    .map(({ words }) => words).sort();
}

/** A process of this pid namespace. */
export interface Process {
  /** Its number. */
  pid: number;
  /** Who started it. */
  parent: number;
  /** Its name. */
  name: string;
  /** Its command line; "" once it is dead. */
  words: string;
}

/** All processes that this /proc shows, the lowest number first. */
export function allProcesses(): Process[] {
  return [...Deno.readDirSync("/proc")]
    .map(({ name }) => Number(name)).filter((pid) => pid > 0)
    .sort((a, b) => a - b)
    .flatMap((pid) => {
      try {
        const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
        const [, name, parent] = stat.match(/^\d+ \((.*)\) \S (\d+)/s)!;
        const words = Deno.readTextFileSync(`/proc/${pid}/cmdline`)
          .replaceAll("\0", " ").trim();
        return [{ pid, parent: Number(parent), name, words }];
      } catch {
        return []; // Just ended.
      }
    });
}

/** What is gone (-) and what is new (+). */
export function difference(was: State, is: State): string[] {
  return Object.keys(was).flatMap((part) => {
    const gone = without(was[part], is[part] ?? []);
    const added = without(is[part] ?? [], was[part]);
    return [
      ...gone.map((line) => `- ${part}: ${line}`),
      ...added.map((line) => `+ ${part}: ${line}`),
    ];
  });
}

/** What of a list is not in another one, which may hold a line twice as well. */
function without(lines: string[], others: string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
}

/** How long the dead may take to be collected, and the kernel to tidy up. */
const SETTLES_MS = 4000;

/** Throws unless all is as it was; waits for what is about to end. */
export async function sameAgain(was: State): Promise<void> {
  const deadline = Date.now() + SETTLES_MS;
  while (true) {
    const left = difference(was, await readState());
    if (left.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`after down not as before:\n${left.join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
