/** A network namespace, read whole in one process. */

import { quotedLine } from "../cli/shell.ts";
import { parseToolJson } from "../cli/json.ts";
import { isNameOnly } from "./named.ts";
import { run, whyFailed } from "../cli/command.ts";
import { t } from "../cli/translate.ts";

/** An address, and how many of its bits say which network it is in. */
export interface Address {
  /** The address. */
  local: string;
  /** The length of its prefix. */
  length: number;
}

/** A network interface, with what `ip -d` knows of it. */
export interface Link {
  /** Unique within its namespace. */
  index: number;
  /** Its name. */
  name: string;
  /** `veth`, `bridge`, …; "" for hardware and lo. */
  kind: string;
  /** Set up; a cable may still be missing. */
  up: boolean;
  /** Whether a cable is there and its other end is up. */
  carrier: boolean;
  /** Does not ask for MAC addresses: `arp off`. */
  noArp: boolean;
  /**
   * Whether it would ask at all. A tunnel has one other end, or tells by the
   * address whom it is for: it needs no ARP.
   */
  asksArp: boolean;
  /** The bridge that it is a port of. */
  master?: string;
  /** Its MAC address. */
  mac: string;
  /** The largest packet, in bytes. */
  mtu: number;
  /** What queues its packets: `noqueue`, `fq_codel`, `netem`, … */
  queue: string;
  /** The other end of a veth, or what a vlan or macvlan stands on. */
  peerIndex?: number;
  /** The same by name, where it is in the same namespace. */
  peerName?: string;
  /** Whether that other end is in another namespace. */
  peerElsewhere: boolean;
  /** The number by which this namespace knows that one, see ip-netns(8). */
  peerNetnsid?: number;
  /** The kernel's operational state: `UP`, `DOWN`, `LOWERLAYERDOWN`, … */
  state: string;
  /** Its IPv4 addresses, in the kernel's order. */
  addresses: Address[];
  /** Its IPv6 addresses. */
  addresses6: Address[];
  /** What `ip link set … alias` wrote. */
  alias?: string;
  /** Other names that it answers to. */
  altnames: string[];
  /** As a port of a bridge. */
  port?: {
    state: string;
    isolated: boolean;
    locked: boolean;
    flood: boolean;
    learning?: boolean;
    bcast_flood?: boolean;
    /** A frame may leave by the port that it came in by. */
    hairpin?: boolean;
  };
  /** As a bridge. */
  bridge?: { stp: boolean; vlans: boolean };
  /** A program of the kernel's fast path looks at every packet first. */
  xdp: boolean;
}

/** A line of the neighbour table. */
export interface Neighbour {
  /** Whom it is about. */
  address: string;
  /** The interface. */
  dev: string;
  /** Its MAC address. */
  mac?: string;
  /** `REACHABLE`, `STALE`, `FAILED`, … */
  states: string[];
}

/** A route, of any table. */
export interface Route {
  /** The prefix, or `default`. */
  to: string;
  /** The neighbour that packets are handed to. */
  via?: string;
  /** The interface. */
  dev?: string;
  /** The routing table, such as `main`. */
  table: string;
  /** `unicast`, `blackhole`, `unreachable`, … */
  type: string;
  /** Who made it: `kernel`, `boot` for `ip route`, `dhcp`, `bird`, … */
  protocol?: string;
}

/** A routing rule that refuses: `prohibit`, `unreachable` or `blackhole`. */
export interface Refusal {
  /** Where it stands among the rules. */
  priority: number;
  /** What it does. */
  action: string;
  /** The prefixes that it is for; `all` for any. */
  from: string;
  /** The prefix, or `default`. */
  to: string;
  /** It asks for more than addresses: a mark, an interface, a user. */
  isSelective: boolean;
  /** Who made it, where somebody says so. */
  protocol?: string;
}

/** A namespace as seen from inside, and how to get there. */
export interface Namespace {
  /** "" for the machine's own; else its name, or what was chosen for it. */
  name: string;
  /** The words that run a command inside; none for the machine itself. */
  enter: string[];
  /** What people call it: `ns1`, `the machine`, `container web`. */
  label: string;
  /** Its interfaces. */
  links: Link[];
  /** Its IPv4 routes, of all tables. */
  routes: Route[];
  /** Whose MAC addresses it knows. */
  neighbours: Neighbour[];
  /** Per interface, also `all`: passes packets on; how it checks the way back. */
  conf: Record<string, { forwarding: boolean; rpFilter: number }>;
  /** Routing rules that refuse what they match, see ip-rule(8). */
  refusals: Refusal[];
  /** Where all routing rules stand. */
  priorities: number[];
  /** The routing tables that rules lead to. */
  lookups: string[];
  /** Why it could not be read; nothing else is known of it then. */
  unreadable?: string;
  /** There is but the name: its `ip netns add` was killed half-way. */
  isNameOnly?: boolean;
}

// deno-lint-ignore no-explicit-any
type Json = Record<string, any>;

/** A namespace of which nothing is known, or that is not there yet. */
export function emptyNamespace(name: string, unreadable?: string): Namespace {
  return {
    name,
    label: labelOf(name),
    enter: [],
    links: [],
    routes: [],
    neighbours: [],
    conf: {},
    refusals: [],
    priorities: [],
    lookups: [],
    ...unreadable === undefined ? {} : { unreadable },
  };
}

const labelOf = (name: string): string => name || t`the machine`;

/** What is asked of a namespace; `ip -batch` answers each with a line of JSON. */
const ASKED = [
  "addr show",
  "route show table all",
  "rule show",
  "neigh show",
  "netconf show",
];

/**
 * Reads a namespace: addresses, routes, rules, neighbours and switches, in one
 * process. Where that cannot be done, its `unreadable` says why.
 *
 * @param name "" for the machine's own.
 * @param enter the words that run a command inside.
 */
export async function readNamespace(
  name: string,
  enter: string[],
): Promise<Namespace> {
  const ip = quickIp({ enter });
  const result = await run(
    [...ip, "-j", "-d", "-batch", "-"],
    ASKED.map((line) => `${line}\n`).join(""),
  );
  const unreadable = (words: string): Namespace => ({
    ...emptyNamespace(name, words),
    enter,
    ...enter[1] === "netns" && isNameOnly(name) ? { isNameOnly: true } : {},
  });
  if (result.code !== 0) return unreadable(whyFailed(result));
  const said = result.stdout.split("\n");
  let answers: Json[][];
  try {
    answers = ASKED.map((line, i) =>
      parseToolJson<Json[]>(
        said[i] ?? "",
        `\`${ip.join(" ")} -j -d ${line}\``,
      )
    );
  } catch (error) {
    return unreadable((error as Error).message.replace(/\.$/, ""));
  }
  const [links, routes, rules, neighbours, netconf] = answers;
  const real = links.filter((each) => each.ifname);
  return {
    name,
    label: labelOf(name),
    enter,
    links: real.map((each) => readLink(each, real)),
    // What has a preference is IPv6's, see RFC 4191.
    routes: routes.filter(({ dst, pref }) =>
      dst && !dst.includes(":") && pref === undefined
    ).map(readRoute),
    neighbours: neighbours.filter((each) => each.dst)
      .map((each) => ({
        address: each.dst,
        dev: each.dev,
        mac: each.lladdr,
        states: each.state ?? [],
      })),
    conf: Object.fromEntries(
      netconf.filter((each) => each.family === "inet").map((each) => [
        each.interface,
        {
          forwarding: each.forwarding,
          rpFilter: ["off", "strict", "loose"].indexOf(each.rp_filter),
        },
      ]),
    ),
    priorities: rules.map(({ priority }) => priority),
    lookups: rules.flatMap(({ table }) => table ?? []),
    refusals: rules.filter(({ action }) => action && action !== "to_tbl")
      .map(({ priority, action, src, srclen, dst, dstlen, ...more }) => ({
        priority,
        action,
        from: srclen ? `${src}/${srclen}` : src ?? "all",
        to: dstlen ? `${dst}/${dstlen}` : dst ?? "all",
        isSelective: ["not", "fwmark", "iif", "oif", "uid_start", "ipproto"]
          .some((each) => each in more),
        protocol: more.protocol,
      })),
  };
}

function readRoute(json: Json): Route {
  // Several ways to the same place: the first one stands for all.
  const { gateway, dev } = json.dev ? json : json.nexthops?.[0] ?? {};
  return {
    to: json.dst,
    via: gateway,
    dev,
    table: json.table ?? "main",
    type: json.type ?? "unicast",
    protocol: json.protocol,
  };
}

function readLink(json: Json, siblings: Json[]): Link {
  const { info_kind, info_data, info_slave_kind, info_slave_data } =
    json.linkinfo ?? {};
  const flags: string[] = json.flags ?? [];
  const sibling = siblings.find((each) => each.ifname === json.link);
  return {
    index: json.ifindex,
    name: json.ifname,
    kind: info_kind ?? "",
    up: flags.includes("UP"),
    carrier: flags.includes("LOWER_UP") && !flags.includes("NO-CARRIER"),
    noArp: flags.includes("NOARP"),
    asksArp: json.link_type === "ether" && !flags.includes("POINTOPOINT") &&
      !["ipvlan", "ipvtap", "dummy", "vrf", "nlmon"].includes(info_kind),
    master: json.master,
    mac: json.address ?? "",
    mtu: json.mtu,
    queue: json.qdisc ?? "",
    peerIndex: sibling?.ifindex ?? json.link_index,
    peerName: sibling?.ifname,
    peerElsewhere: json.link_netnsid !== undefined,
    peerNetnsid: json.link_netnsid,
    state: json.operstate ?? "UNKNOWN",
    addresses: addressesOf(json, "inet"),
    addresses6: addressesOf(json, "inet6"),
    alias: json.ifalias,
    altnames: json.altnames ?? [],
    port: info_slave_kind === "bridge" ? readPort(info_slave_data) : undefined,
    bridge: info_kind === "bridge"
      ? { stp: info_data?.stp_state > 0, vlans: info_data?.vlan_filtering > 0 }
      : undefined,
    xdp: json.xdp !== undefined,
  };
}

function readPort(
  { state, isolated, locked, flood, learning, bcast_flood, hairpin }: Json,
): Link["port"] {
  return { state, isolated, locked, flood, learning, bcast_flood, hairpin };
}

function addressesOf(json: Json, family: "inet" | "inet6"): Address[] {
  return (json.addr_info ?? [])
    .filter((each: Json) => each.family === family && each.local)
    .map(({ local, prefixlen }: Json) => ({ local, length: prefixlen }));
}

/** An interface's addresses of both families, such as `192.168.0.1/24`. */
export function addressTexts({ addresses, addresses6 }: Link): string[] {
  return [...addresses, ...addresses6].map(({ local, length }) =>
    `${local}/${length}`
  );
}

/** The routes of the table that all packets are looked up in. */
export function mainRoutes({ routes }: Namespace): Route[] {
  return routes.filter(({ table }) => table === "main");
}

/** Whether it passes on IPv4 packets that are for somebody else. */
export function forwards({ conf }: Namespace): boolean {
  return conf.all?.forwarding ?? false;
}

/**
 * The words that run a command inside, for our own reading: they spare the
 * mounts that `ip netns exec` makes for what it starts.
 */
export function quickEnter({ enter }: Pick<Namespace, "enter">): string[] {
  return enter[1] === "netns" && mayEnter()
    ? ["nsenter", `--net=/run/netns/${enter[3]}`]
    : enter;
}

/** Whether the task that asks us was given leave to run nsenter. */
const mayEnter = (): boolean =>
  Deno.permissions.querySync({ name: "run", command: "nsenter" }).state ===
    "granted";

/** How to run `ip` inside, for our own reading. */
export function quickIp({ enter }: Pick<Namespace, "enter">): string[] {
  return enter[1] === "netns" ? ["ip", "-n", enter[3]] : [...enter, "ip"];
}

/** A command line that runs inside a namespace. */
export function inside(
  { enter }: Pick<Namespace, "enter">,
  line: string,
): string {
  return enter.length ? `${quotedLine(enter)} ${line}` : line;
}

/** The interface of this name. */
export function linkOf(namespace: Namespace, name?: string): Link | undefined {
  return namespace.links.find((each) => each.name === name);
}

/** The interface that holds this address. */
export function holder(
  namespace: Namespace,
  address: string,
): Link | undefined {
  return namespace.links.find((each) => holds(each, address));
}

/** Whether an interface holds this address. */
export function holds({ addresses }: Link, address: string): boolean {
  return addresses.some(({ local }) => local === address);
}

/** Whether an interface checks that the way back is the way in (RFC 3704). */
export function isStrict({ conf }: Namespace, name: string): boolean {
  // The greater of the two counts: loose (2) wins over strict (1).
  return Math.max(conf.all?.rpFilter ?? 0, conf[name]?.rpFilter ?? 0) === 1;
}
