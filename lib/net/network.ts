/** The network, read once and as far as it is asked for; and questions to the kernel. */

import { atATime } from "../cli/at_a_time.ts";
import { type Extent, readNamespaces } from "./read_namespaces.ts";
import { unnamedNamespaces } from "./unnamed.ts";
import { parseToolJson } from "../cli/json.ts";
import { ownWords, run } from "../cli/command.ts";
import {
  findTools,
  type Firewall,
  readFirewall,
  type Tools,
} from "./firewall/read.ts";
import {
  inside,
  type Namespace,
  quickEnter,
  quickIp,
  readNamespace,
} from "./namespace.ts";

/** The kernel's own answer to "which way would this packet take?" */
export interface RouteLookup {
  /** The command that asks for it. */
  command: string;
  /** The interface that it leaves by; undefined: refused. */
  dev?: string;
  /** The neighbour that it is handed to; none if that is the target itself. */
  via?: string;
  /** The sender's address that the kernel would write. */
  src?: string;
  /** `local`: it stays here. */
  type?: string;
  /** Why it was refused. */
  words: string;
}

/** A line of a bridge's table: this MAC address is behind that port. */
export interface FdbEntry {
  /** The MAC address. */
  mac: string;
  /** The port. */
  dev: string;
  /** Told by hand, not learned. */
  isStatic: boolean;
}

/** A program that waits for connections or datagrams. */
export interface Listening {
  /** The address that it waits at; `*` for any. */
  address: string;
  /** The port. */
  port: number;
}

/** What is known of a packet beyond its target. */
export interface Incoming {
  /** Its sender; without it, the kernel chooses. */
  from?: string;
  /** Where it came in; without it the packet is made here. */
  iif?: string;
  /** What a firewall wrote on it for routing rules to read. */
  mark?: number;
}

/** The machine and the namespaces on it. */
export class Network {
  #lookups = new Map<string, Promise<RouteLookup>>();
  #firewalls = new Map<Namespace, Promise<Firewall>>();
  #sysctls = new Map<Namespace, Promise<Record<string, string>>>();
  #fdbs = new Map<string, Promise<FdbEntry[]>>();
  #listening = new Map<string, Promise<Listening[]>>();
  #tools?: Promise<Tools>;

  /** The namespaces as they were read. */
  constructor(
    /** The namespace that we run in: where bridges and the uplink are. */
    readonly machine: Namespace,
    /** The named ones, and the target. */
    readonly others: readonly Namespace[],
    /** The names of those that were not read, since no question is about them. */
    readonly unread: readonly string[] = [],
  ) {}

  /** All of them. */
  get namespaces(): Namespace[] {
    return [this.machine, ...this.others];
  }

  /** The one of this label. */
  labelled(label: string | undefined): Namespace | undefined {
    return this.namespaces.find((each) => each.label === label);
  }

  /** `ip route get`: what the kernel itself would do with a packet. */
  routeLookup(
    namespace: Namespace,
    to: string,
    incoming?: Incoming,
  ): Promise<RouteLookup> {
    const { from, iif, mark } = incoming ?? {};
    const line = [
      `route get ${to}`,
      from && `from ${from}`,
      iif && `iif ${iif}`,
      mark && `mark ${mark}`,
    ].filter(Boolean).join(" ");
    const key = inside(namespace, line);
    let lookup = this.#lookups.get(key);
    if (!lookup) {
      this.#lookups.set(
        key,
        lookup = lookUpRoutes(namespace, [line]).then(([lookup]) => lookup),
      );
    }
    return lookup;
  }

  /** Looks up the routes to several targets at once: one process instead of many. */
  prefetch(namespace: Namespace, targets: readonly string[]): void {
    const lines = [...new Set(targets)].map((to) => `route get ${to}`);
    const all = lookUpRoutes(namespace, lines);
    lines.forEach((line, i) =>
      this.#lookups.set(
        inside(namespace, line),
        all.then((lookups) => lookups[i]),
      )
    );
  }

  /** The rules of a namespace's firewalls. */
  firewall(namespace: Namespace): Promise<Firewall> {
    this.#tools ??= findTools();
    let firewall = this.#firewalls.get(namespace);
    if (!firewall) {
      firewall = this.#tools.then((tools) => readFirewall(namespace, tools));
      this.#firewalls.set(namespace, firewall);
    }
    return firewall;
  }

  /** Listing conversations would load a kernel module: so there are none. */
  async conntrackAbsent(): Promise<boolean> {
    this.#tools ??= findTools();
    return (await this.#tools).conntrackAbsent;
  }

  /** What a bridge knows of who is behind which port. */
  fdb(namespace: Namespace, bridge: string): Promise<FdbEntry[]> {
    const key = inside(namespace, bridge);
    let fdb = this.#fdbs.get(key);
    if (!fdb) this.#fdbs.set(key, fdb = readFdb(namespace, bridge));
    return fdb;
  }

  /** The ports on which programs of a namespace listen, and at which address. */
  listening(
    namespace: Namespace,
    protocol: "tcp" | "udp",
  ): Promise<Listening[]> {
    const key = inside(namespace, protocol);
    let listening = this.#listening.get(key);
    if (!listening) {
      listening = readListening(namespace, protocol);
      this.#listening.set(key, listening);
    }
    return listening;
  }

  /** Values of sysctls, by name; those that the kernel lacks are absent. */
  sysctls(namespace: Namespace): Promise<Record<string, string>> {
    let sysctls = this.#sysctls.get(namespace);
    if (!sysctls) {
      this.#sysctls.set(namespace, sysctls = readSysctls(namespace));
    }
    return sysctls;
  }
}

/** Looks up the routes of several packets in one process, in their order. */
async function lookUpRoutes(
  namespace: Namespace,
  lines: readonly string[],
): Promise<RouteLookup[]> {
  const { stdout, stderr } = await run(
    [...quickIp(namespace), "-j", "-force", "-batch", "-"],
    lines.map((line) => `${line}\n`).join(""),
  );
  const refused = new Map<number, string>();
  let words = "";
  for (const line of stderr.split("\n")) {
    const at = line.match(/^Command failed -:(\d+)$/)?.[1];
    if (at) refused.set(Number(at) - 1, ownWords(words));
    words = at ? "" : words + line;
  }
  const answers = stdout.trim().split("\n");
  return lines.map((line, i) => {
    const command = inside(namespace, `ip ${line}`);
    const answer = refused.has(i) ? undefined : answers.shift();
    // Where the namespace itself cannot be entered, no line is answered.
    if (!answer) return { command, words: refused.get(i) ?? ownWords(stderr) };
    const [{ dev, gateway, prefsrc, type }] = parseToolJson(answer, "ip");
    return { command, dev, via: gateway, src: prefsrc, type, words: "" };
  });
}

async function readFdb(
  namespace: Namespace,
  bridge: string,
): Promise<FdbEntry[]> {
  const { code, stdout } = await run(
    [...namespace.enter, "bridge", "-j", "fdb", "show", "br", bridge],
  );
  // deno-lint-ignore no-explicit-any
  const lines: Record<string, any>[] = code === 0
    ? parseToolJson(stdout, "bridge")
    : [];
  return lines.filter(({ flags }) => !flags?.includes("self")).map((line) => ({
    mac: line.mac,
    dev: line.ifname,
    isStatic: ["static", "permanent"].includes(line.state),
  }));
}

async function readListening(
  namespace: Namespace,
  protocol: "tcp" | "udp",
): Promise<Listening[]> {
  const { stdout } = await run([
    ...quickEnter(namespace),
    ..."ss -H -n -l".split(" "),
    `--${protocol}`,
  ]);
  // State, queues, then the own address and port: "0.0.0.0:80", "[::]:80",
  // "*:80", "127.0.0.1%lo:53".
  return stdout.split("\n").flatMap((line) => {
    const [, address, port] =
      line.match(/^\S+ +\d+ +\d+ +(\S+?)(?:%\S+)?:(\d+) /) ?? [];
    if (!address) return [];
    const any = ["0.0.0.0", "[::]", "*"].includes(address);
    return [{ address: any ? "*" : address, port: Number(port) }];
  });
}

async function readSysctls(
  namespace: Namespace,
): Promise<Record<string, string>> {
  const held = namespace.links.filter(({ addresses }) => addresses.length > 0);
  const { stdout } = await run([
    ...quickEnter(namespace),
    "sysctl",
    "-e",
    "net.ipv4.ip_default_ttl",
    "net.ipv4.icmp_echo_ignore_all",
    "net.bridge.bridge-nf-call-iptables",
    ...["all", ...held.map(({ name }) => name.replaceAll(".", "/"))]
      .map((name) => `net.ipv4.conf.${name}.arp_ignore`),
  ]);
  return Object.fromEntries(
    stdout.trim().split("\n").map((line) => line.split(" = ")),
  );
}

/** What is to be read of it. */
export interface NetworkExtent extends Extent {
  /** Also all namespaces that processes are in, as far as one may look. */
  processes?: boolean;
  /**
   * Also the sandbox's internet, which nobody could look into were it the real
   * one.
   */
  whole?: boolean;
}

/** Reads the machine, its named namespaces, and others that have no name. */
export async function readNetwork(
  { processes = false, whole = false, ...extent }: NetworkExtent = {},
): Promise<Network> {
  const known = (extent.unnamed ?? []).flatMap(({ enter }) =>
    enter.join(" ").match(/--target=(\d+)|\/proc\/(\d+)\//)?.slice(1) ?? []
  ).filter(Boolean);
  const [{ machine, others, unread }, found] = await Promise.all([
    readNamespaces(extent),
    processes ? readUnnamed(known) : [],
  ]);
  const network = new Network(
    machine,
    [...others, ...found],
    unread.filter((name) => name !== OUTSIDE),
  );
  return whole ? network : withoutInternet(network);
}

async function readUnnamed(but: readonly string[]): Promise<Namespace[]> {
  return await atATime(
    await unnamedNamespaces(but),
    ({ label, enter }) => readNamespace(label, enter),
  );
}

/** The same network without the sandbox's internet: what may be looked into. */
export function withoutInternet(
  { machine, others, unread }: Network,
): Network {
  const ours = others.filter((each) => !isInternet(each));
  return new Network(machine, ours, unread);
}

/**
 * Whether this is the sandbox's internet, and not somebody's namespace that
 * has the same name.
 */
export function isInternet({ name, links }: Namespace): boolean {
  return name === OUTSIDE && links.some((link) => link.name === "isp0");
}

/** Its name, see vm/outside.sh. */
const OUTSIDE = "outside";
