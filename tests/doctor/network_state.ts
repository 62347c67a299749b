/**
 * Runs inside a sandbox: all that is set there in the network, by whomever, and
 * nothing that the kernel has learned or counted.
 */

import { run } from "../../lib/cli/command.ts";

/** One thing that is set. */
export interface Setting {
  /** What it is about, such as `ns1: address 192.168.0.1 on ns-veth1`. */
  object: string;
  /** All that is said of it. An object may have several, such as a chain. */
  text: string;
}

/** Reads the settings of the machine and of all its named namespaces. */
export async function readSettings(): Promise<Setting[]> {
  const { stdout } = await run(["ip", "netns", "list"]);
  const names = stdout.split("\n").filter(Boolean).map((line) =>
    line.split(" ")[0]
  );
  const all = await Promise.all(
    ["PC", ...names].map(async (name) => {
      const enter = name === "PC" ? [] : ["ip", "netns", "exec", name];
      const { code, stdout } = await run([...enter, "sh"], LOOK);
      const settings = code === 0
        ? parse(stdout)
        : [{ object: "namespace", text: "it cannot be entered" }];
      return settings.map(({ object, text }) => ({
        object: `${name}: ${object}`,
        text,
      }));
    }),
  );
  return numbered(all.flat());
}

/** Whatever is there twice is told apart: the second one may be lost. */
function numbered(settings: Setting[]): Setting[] {
  const seen = new Map<string, number>();
  return settings.map(({ object, text }) => {
    const line = `${object}\n${text}`;
    const times = (seen.get(line) ?? 0) + 1;
    seen.set(line, times);
    return { object, text: times > 1 ? `${text} (${times})` : text };
  });
}

/** One process for many questions. Not every kernel has IPsec, nor every PC tc. */
const LOOK = `
printf '%s\\n' 'link show' 'addr show' 'route show table all' 'rule show' 'neigh show nud permanent' | ip -4 -d -j -batch - || exit
echo ==; bridge -j vlan show; echo
echo ==; bridge -j fdb show; echo
echo ==; tc -j qdisc show 2>/dev/null; echo
echo ==; iptables-save
echo ==; nft -s list ruleset 2>/dev/null
echo ==; ip xfrm policy 2>/dev/null
echo ==; if [ -s /proc/net/ip_tables_names ]; then iptables-legacy-save; fi
echo ==; cd /proc/sys/net
grep -rs . ipv4/conf bridge ipv4/ip_forward ipv4/ip_default_ttl ipv4/icmp_* || true
`;

// deno-lint-ignore no-explicit-any
type Row = Record<string, any>;

function parse(output: string): Setting[] {
  const [ip, vlan, fdb, tc, rules, nft, xfrm, legacy, sysctl] = output.split(
    /^==\n/m,
  );
  const [links, addresses, routes, policies, neighbours] = ip.trim().split("\n")
    .map(rows);
  return [
    ...about(links, ({ ifname }) => `link ${ifname}`),
    ...about(
      addresses.flatMap(({ ifname, addr_info }) =>
        addr_info.map((each: Row) => ({ ...each, ifname }))
      ),
      ({ local, ifname }) => `address ${local} on ${ifname}`,
    ),
    ...about(routes, ({ dst, table }) => `route ${dst} table ${table}`),
    ...about(policies, ({ priority }) => `rule ${priority}`),
    ...about(neighbours, ({ dst, dev }) => `neighbour ${dst} on ${dev}`),
    ...about(rows(vlan), ({ ifname }) => `vlans of ${ifname}`),
    // What a bridge has learned is not set, nor are its ports' own addresses.
    ...about(
      rows(fdb).filter(({ state }) => state === "static"),
      ({ mac }) => `fdb ${mac}`,
    ),
    ...about(rows(tc), ({ dev }) => `qdisc on ${dev}`),
    ...ofIptables("iptables", rules),
    ...ofIptables("iptables-legacy", legacy),
    ...ofNft(nft, lines(rules)),
    ...lines(xfrm.replace(/\n\s+/g, " ")).map((text) => ({
      object: "xfrm policies",
      text,
    })),
    ...lines(sysctl).map((line) => {
      const [path, text] = line.split(/:(.*)/);
      return { object: `sysctl ${path}`, text };
    }),
  ];
}

const rows = (json: string): Row[] => JSON.parse(json.trim() || "[]");
const lines = (text: string) => text.split("\n").filter((line) => line.trim());

function about(rows: Row[], object: (row: Row) => string): Setting[] {
  return rows.map((row) => ({
    object: object(row),
    // A bridge takes the MAC address of one of its ports.
    text: JSON.stringify(
      row.linkinfo?.info_kind === "bridge"
        ? { ...row, address: undefined }
        : row,
      (key, value) =>
        PASSING.test(key)
          ? undefined
          : key === "flags" && Array.isArray(value)
          ? value.filter((flag) => !LIGHTS.includes(flag))
          : value,
    ),
  }));
}

/** Numbers of the kernel's own, counters, and what STP has found out. */
const PASSING =
  /^(ifindex|link_index|link_netnsid|operstate|state|promiscuity|allmulti|refcnt|.*_timer|(root|bridge)_id|root_(port|path_cost)|topology_change.*|designated_.*|id|no|config_pending)$/;

/** Flags that tell whether the other end is on. */
const LIGHTS = ["LOWER_UP", "NO-CARRIER", "M-DOWN", "linkdown", "dead"];

/** Chains in the form of iptables-save, without their counters. */
function ofIptables(program: string, saved: string): Setting[] {
  let table = "";
  return lines(saved).flatMap((line) => {
    if (line.startsWith("*")) table = line.slice(1);
    const chain = line.match(/^(?::|-A )(\S+)/)?.[1];
    const text = line.replace(/ \[\d+:\d+\]$/, "");
    return chain ? [{ object: `${program} ${table} ${chain}`, text }] : [];
  });
}

/**
 * Tables of nftables, line by line, by the chain or set that they are in; without
 * those that iptables has shown.
 */
function ofNft(ruleset: string, shown: readonly string[]): Setting[] {
  let table = "";
  let part = "";
  return lines(ruleset).flatMap((line) => {
    if (/^table /.test(line)) [table, part] = [line.replace(" {", ""), ""];
    if (/^\t\w+ .*\{$/.test(line)) part = line.trim().replace(" {", "");
    const text = line.trim();
    return text === "}" || shown.includes(table.replace("table ip ", "*"))
      ? []
      : [{ object: `nft ${table} ${part}`.trim(), text }];
  });
}
