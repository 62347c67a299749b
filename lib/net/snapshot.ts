/**
 * The kernel's state, read and never guessed: what figures, checks and
 * verdicts are made from. Fields that we do not know are left alone, fields
 * that an older iproute2 does not print are simply absent.
 */

import { type Result, run, whyFailed } from "../cli/command.ts";
import { exists } from "../cli/files.ts";
import { parseToolJson } from "../cli/json.ts";
import { Problem } from "../cli/problem.ts";
import { isOtherEnd } from "./veth.ts";
import { ruleLines } from "./firewall/rule_lines.ts";
import { t } from "../cli/translate.ts";

/** A network interface. Field names are ours, values are the kernel's. */
export interface Link {
  /** The interface index, unique within its namespace. */
  index: number;
  /** Its name, such as `br-veth1`. */
  name: string;
  /** `veth`, `bridge`, …; "" for hardware and lo. */
  kind: string;
  /** Set up by `ip link set … up`. A cable may still be missing. */
  up: boolean;
  /** The kernel's operational state: `UP`, `DOWN`, `LOWERLAYERDOWN`, … */
  state: string;
  /** The bridge that this link is a port of. */
  master?: string;
  /** State of the bridge port: `forwarding`, `disabled`, … */
  portState?: string;
  /** For a veth: the index of the other end … */
  peerIndex?: number;
  /** … which is in this namespace unless it is told to be elsewhere. */
  peerElsewhere: boolean;
  /** The MAC address. */
  mac: string;
  /** The largest packet that goes through, in bytes. */
  mtu: number;
  /** Such as `192.168.0.1/24`, in the kernel's order. */
  addresses: string[];
  /** What `ip link set … alias` wrote. */
  alias?: string;
  /** Other names that it answers to. */
  altnames: string[];
}

/** A route of the main table. */
export interface Route {
  /** `default` or a prefix. */
  to: string;
  /** The neighbour that packets are handed to. */
  via?: string;
  /** The interface that they leave by. */
  dev?: string;
}

/** A network namespace as seen from inside. */
export interface Namespace {
  /** "" for the machine's own. */
  name: string;
  /** Its interfaces, by index. */
  links: Link[];
  /** The routes of its main table. */
  routes: Route[];
  /** Whether it passes on IPv4 packets that are for somebody else. */
  forwarding: boolean;
  /** Why it could not be read; links and routes are empty then. */
  unreadable?: string;
  /** There is but the name: its `ip netns add` was killed half-way. */
  isNameOnly?: boolean;
}

/** The machine and every named namespace in it. */
export interface Snapshot {
  /** The machine's own namespace. */
  machine: Namespace;
  /** The named ones, by name. */
  named: Namespace[];
  /** The interface that holds the machine's default route. */
  uplink?: string;
  /** Rules by table, as `iptables -S` prints them. */
  rules: Record<string, string[]>;
}

/**
 * Reads the state of the machine that we are on, in about 10 ms. Throws a
 * {@linkcode Problem} if the machine's own namespace or its rules cannot be
 * read; of any other namespace that is told in its `unreadable`.
 *
 * @param processes also reads the namespaces of these, each a process id by
 * the name that its namespace gets. That takes root.
 */
export async function takeSnapshot(
  processes: Record<string, number> = {},
): Promise<Snapshot> {
  const [machine, named, ofProcesses, rules] = await Promise.all([
    readNamespace(""),
    readNamed(),
    Promise.all(
      Object.entries(processes).map(([name, pid]) => readProcess(name, pid)),
    ),
    readRules(),
  ]);
  const uplink = machine.routes.find((route) => route.to === "default")?.dev;
  return { machine, named: [...named, ...ofProcesses], uplink, rules };
}

/** The state of a machine that does not exist yet. */
export function emptySnapshot(): Snapshot {
  return { machine: emptyNamespace(""), named: [], rules: {} };
}

function emptyNamespace(name: string): Namespace {
  return { name, links: [], routes: [], forwarding: false };
}

/** The namespace of this name; undefined if there is none. "" is the machine's. */
export function namespace(
  snapshot: Snapshot,
  name = "",
): Namespace | undefined {
  return name === ""
    ? snapshot.machine
    : snapshot.named.find((netns) => netns.name === name);
}

/** A link by name in a namespace; undefined if there is none. */
export function link(
  snapshot: Snapshot,
  name: string,
  netns = "",
): Link | undefined {
  return namespace(snapshot, netns)?.links.find((link) => link.name === name);
}

/** The other end of a veth pair and the namespace that it is in. */
export function peer(
  snapshot: Snapshot,
  end: Link,
  netns: Namespace,
): { link: Link; netns: Namespace } | undefined {
  if (end.kind !== "veth") return undefined;
  const places = end.peerElsewhere
    ? [snapshot.machine, ...snapshot.named].filter((each) => each !== netns)
    : [netns];
  for (const place of places) {
    const link = place.links.find((other) => isOtherEnd(end, other));
    if (link) return { link, netns: place };
  }
}

/** `ip netns` keeps its names here, see ip-netns(8). */
const NETNS_FOLDER = "/run/netns";

async function readNamed(): Promise<Namespace[]> {
  const names: string[] = [];
  try {
    for (const entry of Deno.readDirSync(NETNS_FOLDER)) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const all = await Promise.all(
    names.sort().map(async (name) => {
      const netns = await readNamespace(name);
      return isNameOnly(name) ? { ...netns, isNameOnly: true } : netns;
    }),
  );
  // Somebody may have deleted one before it was its turn.
  return all.filter(({ name, unreadable }) => !unreadable || isNamed(name));
}

/**
 * Whether there is but the name: `ip netns add` makes a file first, and mounts
 * the namespace on it then.
 */
export function isNameOnly(name: string): boolean {
  try {
    const file = Deno.statSync(`${NETNS_FOLDER}/${name}`);
    return file.dev === Deno.statSync(NETNS_FOLDER).dev;
  } catch {
    return false;
  }
}

const isNamed = (name: string): boolean => exists(`${NETNS_FOLDER}/${name}`);

/**
 * Reads a named namespace; "" reads the one that we are in, and throws a
 * {@linkcode Problem} if that cannot be read.
 */
export async function readNamespace(name: string): Promise<Namespace> {
  const where = name === "" ? [] : ["-n", name];
  const netns = await readWith(["ip", ...where], name);
  if (name !== "" || !netns.unreadable) return netns;
  throw new Problem(
    t`Cannot read this machine's network: ${netns.unreadable}.`,
  );
}

/** The namespace of a process. */
async function readProcess(name: string, pid: number): Promise<Namespace> {
  return await readWith(["nsenter", `--net=/proc/${pid}/ns/net`, "ip"], name);
}

async function readWith(ip: string[], name: string): Promise<Namespace> {
  const asked = ["addr show", "route show", "netconf show"];
  const result = await run(
    [...ip, "-j", "-d", "-batch", "-"],
    asked.map((line) => `${line}\n`).join(""),
  );
  if (result.code !== 0) {
    return { ...emptyNamespace(name), unreadable: whyFailed(result) };
  }
  // Each line of the batch prints one line of JSON.
  const said = result.stdout.split("\n");
  let answers: Json[][];
  try {
    answers = asked.map((line, i) =>
      parseToolJson<Json[]>(
        said[i] ?? "",
        `\`${ip.join(" ")} -j -d ${line}\``,
      )
    );
  } catch (error) {
    const words = (error as Problem).message.replace(/\.$/, "");
    return { ...emptyNamespace(name), unreadable: words };
  }
  const [links, routes, netconf] = answers;
  const named = links.filter((each) => each.ifname);
  return {
    name,
    links: named.map((each) => readLink(each, named)),
    routes: routes.filter((each) => each.dst).map(readRoute),
    // What sysctl calls net.ipv4.ip_forward.
    forwarding: netconf.some((each) =>
      each.family === "inet" && each.interface === "all" && each.forwarding
    ),
  };
}

// deno-lint-ignore no-explicit-any
type Json = Record<string, any>;

function readLink(json: Json, siblings: Json[]): Link {
  // A peer in the same namespace is told by name, any other by its index.
  const peer = siblings.find((each) => each.ifname === json.link)?.ifindex;
  return {
    index: json.ifindex,
    name: json.ifname,
    kind: json.linkinfo?.info_kind ?? "",
    up: (json.flags ?? []).includes("UP"),
    state: json.operstate ?? "UNKNOWN",
    master: json.master,
    portState: json.linkinfo?.info_slave_data?.state,
    peerIndex: peer ?? json.link_index,
    peerElsewhere: json.link_netnsid !== undefined,
    mac: json.address ?? "",
    mtu: json.mtu,
    addresses: (json.addr_info ?? [])
      .filter((address: Json) => address.local)
      .map((address: Json) => `${address.local}/${address.prefixlen}`),
    alias: json.ifalias,
    altnames: json.altnames ?? [],
  };
}

function readRoute(json: Json): Route {
  // Several ways to the same place: the first one stands for all.
  const { gateway, dev } = json.dev ? json : json.nexthops?.[0] ?? {};
  return { to: json.dst, via: gateway, dev };
}

/**
 * The rules of every table that there is, by table. Throws a
 * {@linkcode Problem} if they cannot be read.
 */
export async function readRules(): Promise<Record<string, string[]>> {
  // One process for all tables, in the words of `iptables -S`; and it makes
  // no table that is not there.
  const result = await run(["iptables-save"]);
  if (result.code === 0) return readSaved(result.stdout);
  if (!NAMES_HIDDEN.test(result.stderr)) return noneOr(result);
  const tables = ["filter", "nat", "mangle", "raw"].map(async (table) => {
    const saved = await run(["iptables-save", "-t", table]);
    return saved.code === 0 ? readSaved(saved.stdout) : noneOr(saved);
  });
  return Object.assign({}, ...await Promise.all(tables));
}

/** No rules, if that is why they could not be read. */
function noneOr(failed: Result): Record<string, string[]> {
  const words = whyFailed(failed);
  if (NO_FIREWALL.test(words)) return {};
  throw new Problem(t`Cannot read this machine's rules: ${words}.`);
}

/**
 * How the older iptables says that it may not know which tables there are: the
 * file belongs to the host's root. Each table can be read all the same.
 */
const NAMES_HIDDEN = /ip_tables_names: Permission denied/;

function readSaved(saved: string): Record<string, string[]> {
  const rules: Record<string, string[]> = {};
  let table: string[] | undefined;
  for (const line of ruleLines(saved)) {
    const policy = line.match(/^:(\S+) (\S+)/);
    if (line === "" || line.startsWith("#")) continue;
    else if (line.startsWith("*")) rules[line.slice(1)] = table = [];
    else if (table && line === "COMMIT") table = undefined;
    else if (table && line.startsWith("-A ")) table.push(line);
    else if (table && policy) {
      const [, chain, target] = policy;
      table.push(target === "-" ? `-N ${chain}` : `-P ${chain} ${target}`);
    } else throw noRules(line);
  }
  if (table) throw noRules(t`it ends before its COMMIT`);
  return rules;
}

/** How the tools say that this kernel has no firewall at all. */
export const NO_FIREWALL = /Protocol not supported|Table does not exist/;

function noRules(words: string): Problem {
  return new Problem(
    t`Cannot read this machine's rules: \`iptables-save\` printed no table (${words}).`,
  );
}
