/** A network namespace, read whole in one process. */

import { quotedLine } from "../cli/shell.ts";
import { parseToolJson } from "../cli/json.ts";
import { ownWords, run } from "../cli/command.ts";

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
  /** Its IPv4 addresses. */
  addresses: { local: string; length: number }[];
  /** As a port of a bridge. */
  port?: {
    state: string;
    isolated: boolean;
    locked: boolean;
    flood: boolean;
    learning?: boolean;
    bcast_flood?: boolean;
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
  /** Why it could not be read. */
  unreadable?: string;
}

// deno-lint-ignore no-explicit-any
type Json = Record<string, any>;

/** Reads a namespace: addresses, routes, rules, neighbours and switches. */
export async function readNamespace(
  label: string,
  enter: string[],
): Promise<Namespace> {
  const { code, stdout, stderr } = await run(
    [...quickIp({ enter }), "-j", "-d", "-batch", "-"],
    "addr show\nroute show table all\nrule show\nneigh show\nnetconf show\n",
  );
  const empty = { enter, label, links: [], routes: [], neighbours: [] };
  if (code !== 0) {
    return {
      ...empty,
      conf: {},
      refusals: [],
      priorities: [],
      lookups: [],
      unreadable: ownWords(stderr),
    };
  }
  const [links, routes, rules, neighbours, netconf] = stdout.trim().split("\n")
    .map((json) => parseToolJson<Json[]>(json, "ip"));
  const real = links.filter((each) => each.ifname);
  return {
    enter,
    label,
    links: real.map((each) => readIface(each, real)),
    routes: routes.filter((each) => each.dst && !each.dst.includes(":"))
      .map((each) => ({
        to: each.dst,
        via: each.gateway,
        dev: each.dev,
        table: each.table ?? "main",
        type: each.type ?? "unicast",
        protocol: each.protocol,
      })),
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

function readIface(json: Json, siblings: Json[]): Link {
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
    addresses: (json.addr_info ?? [])
      .filter((each: Json) => each.family === "inet" && each.local)
      .map((each: Json) => ({ local: each.local, length: each.prefixlen })),
    port: info_slave_kind === "bridge" ? info_slave_data : undefined,
    bridge: info_kind === "bridge"
      ? { stp: info_data?.stp_state > 0, vlans: info_data?.vlan_filtering > 0 }
      : undefined,
    xdp: json.xdp !== undefined,
  };
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
