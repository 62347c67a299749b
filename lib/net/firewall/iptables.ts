/**
 * Reads what `iptables-save` prints, see iptables-save(8) and
 * iptables-extensions(8).
 */

import { ruleLines } from "./rule_lines.ts";
import { quoted, quotedLine } from "../../cli/shell.ts";
import { covers, toNumber } from "../ipv4.ts";
import {
  type Action,
  type Chain,
  every,
  fits,
  not,
  type Packet,
  type Rule,
  type Truth,
} from "./ruleset.ts";

/** Where the built-in tables stand among the hooks' priorities. */
const PRIORITY: Record<string, number> = {
  raw: -300,
  mangle: -150,
  filter: 0,
  security: 50,
};

/**
 * The chains that a backend's `iptables-save` printed.
 *
 * @param program the command that changes this backend's rules, such as
 * `iptables` or `iptables-legacy`, with whatever brings it into the namespace.
 */
export function readIptables(
  text: string,
  program: string,
  backend: Chain["backend"],
): Chain[] {
  const chains: Chain[] = [];
  let table = "";
  for (const line of ruleLines(text)) {
    if (line.startsWith("*")) table = line.slice(1);
    const head = line.match(/^:(\S+) (\S+)/);
    if (head) chains.push(makeChain(table, head[1], head[2], program, backend));
    const rule = line.match(/^(?:\[\d+:\d+\] )?(-A (\S+) ?(.*))$/s);
    const chain = rule &&
      chains.find((each) => each.table === table && each.name === rule[2]);
    if (chain) {
      chain.rules.push(readRule(rule[1], chain, onTable(program, table)));
    }
  }
  return chains;
}

function onTable(program: string, table: string): string {
  return table === "filter" ? program : `${program} -t ${table}`;
}

function makeChain(
  table: string,
  name: string,
  policy: string,
  program: string,
  backend: Chain["backend"],
): Chain {
  const command = onTable(program, table);
  const builtIn = policy !== "-";
  const isNat = table === "nat";
  return {
    backend,
    family: "ip",
    table,
    name,
    hook: builtIn ? name.toLowerCase() : undefined,
    type: isNat ? "nat" : "filter",
    // Destination NAT comes early, source NAT late.
    priority: isNat
      ? (name === "PREROUTING" || name === "OUTPUT" ? -100 : 100)
      : PRIORITY[table] ?? 0,
    policy: policy === "DROP" ? "drop" : "accept",
    rules: [],
    show: `${command} -S ${quoted(name)}`,
    line: `-P ${name} ${policy}`,
    accept: ({ from, to, replies, first }) =>
      [
        `${command} ${first ? "-I" : "-A"} ${quoted(name)}`,
        from && `-s ${from}`,
        to && `-d ${to}`,
        replies && "-m conntrack --ctstate RELATED,ESTABLISHED",
        "-j ACCEPT",
      ].filter(Boolean).join(" "),
  };
}

/** The words of a rule; a quoted comment is one word. */
function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)]
    .map(([_, quoted, plain]) => quoted?.replace(/\\(.)/g, "$1") ?? plain);
}

function readRule(line: string, chain: Chain, program: string): Rule {
  const tests: ((packet: Packet) => Truth)[] = [];
  const [_a, _chain, ...rest] = words(line);
  let action: Action = { do: "go on" };
  let from: string | undefined;
  let to: string | undefined;
  let out: string | undefined;
  let negated = false;
  for (let i = 0; i < rest.length; i++) {
    const option = rest[i];
    if (option === "!") {
      negated = true;
      continue;
    }
    // Options that take no value, and those that take one.
    const value = FLAGS.includes(option) ? "" : rest[++i] ?? "";
    if (option === "-j" || option === "-g") {
      action = readTarget(option, value, rest.slice(i + 1));
      break;
    }
    if (option === "-s" && !negated) from = value;
    if (option === "-d" && !negated) to = value;
    if (option === "-o") out = (negated ? "! " : "") + value;
    if (option !== "-m") {
      const test = readMatch(option, value);
      const flip = negated;
      tests.push((packet) => flip ? not(test(packet)) : test(packet));
    }
    negated = false;
  }
  return {
    test: (packet) => every(tests.map((test) => test(packet))),
    action: () => action,
    show: `${program} -S ${quoted(chain.name)}`,
    line,
    remove: `${program} -D ${quotedLine(words(line).slice(1))}`,
    from,
    to,
    out,
  };
}

const FLAGS = ["--physdev-is-bridged", "--physdev-is-in", "--physdev-is-out"];

function readMatch(
  option: string,
  value: string,
): (packet: Packet) => Truth {
  const list = value.toLowerCase().split(",");
  switch (option) {
    case "-s":
      return ({ src }) => covers(value, src);
    case "-d":
      return ({ dst }) => covers(value, dst);
    case "-i":
      return ({ iif }) => fits(value, iif);
    case "-o":
      return ({ oif }) => fits(value, oif);
    case "-p":
      return () => value === "icmp" || value === "1" || value === "all";
    case "--icmp-type":
      return ({ kind }) =>
        value === "any" ||
        /^(8|echo-request)$/.test(value) === (kind === "request") &&
          /^(0|echo-reply|8|echo-request)(\/0)?$/.test(value);
    case "--state":
    case "--ctstate":
      return ({ state }) => list.includes(state);
    case "--physdev-in":
      return ({ portIn }) => fits(value, portIn);
    case "--physdev-out":
      return ({ portOut }) => fits(value, portOut);
    case "--physdev-is-bridged":
      return ({ portIn, portOut }) => Boolean(portIn && portOut);
    case "--physdev-is-in":
      return ({ portIn }) => Boolean(portIn);
    case "--physdev-is-out":
      return ({ portOut }) => Boolean(portOut);
    case "--dst-type":
      return ({ dst, own }) => ofType(list, dst, own);
    case "--src-type":
      return ({ src, own }) => ofType(list, src, own);
    case "--mark": {
      const [mark, mask = "0xffffffff"] = value.split("/");
      return (packet) => ((packet.mark & Number(mask)) >>> 0) === Number(mark);
    }
    case "--src-range":
      return ({ src }) => inRange(value, src);
    case "--dst-range":
      return ({ dst }) => inRange(value, dst);
    case "--ttl-eq":
      return ({ ttl }) => ttl === Number(value);
    case "--ttl-lt":
      return ({ ttl }) => ttl < Number(value);
    case "--ttl-gt":
      return ({ ttl }) => ttl > Number(value);
    case "--comment":
      return () => true;
    default:
      return () => undefined;
  }
}

function ofType(
  types: string[],
  address: string,
  own: readonly string[],
): Truth {
  if (types.length > 1) return undefined;
  const multicast = toNumber(address) >= toNumber("224.0.0.0");
  switch (types[0]) {
    case "local":
      return own.includes(address);
    case "unicast":
      return !own.includes(address) && !multicast;
    case "multicast":
    case "broadcast":
      return multicast;
  }
}

function inRange(range: string, address: string): boolean {
  const [low, high = low] = range.split("-").map(toNumber);
  return toNumber(address) >= low && toNumber(address) <= high;
}

function readTarget(option: string, name: string, rest: string[]): Action {
  const value = (...names: string[]) =>
    rest[rest.findIndex((word) => names.includes(word)) + 1] ?? "";
  switch (name) {
    case "ACCEPT":
      return { do: "accept" };
    case "DROP":
    case "REJECT":
      return { do: "drop" };
    case "RETURN":
      return { do: "return" };
    case "MASQUERADE":
      return { do: "masquerade" };
    case "SNAT":
      return { do: "snat", to: value("--to-source") };
    case "DNAT":
      return { do: "dnat", to: value("--to-destination") };
    case "REDIRECT":
      return { do: "dnat", to: "127.0.0.1" };
    case "NOTRACK":
      return { do: "notrack" };
    case "CT":
      return { do: rest.includes("--notrack") ? "notrack" : "go on" };
    case "MARK": {
      const [mark, mask = "0xffffffff"] = value("--set-xmark", "--set-mark")
        .split("/");
      return { do: "mark", value: Number(mark), mask: Number(mask) };
    }
    case "TTL": {
      const set = Number(value("--ttl-set"));
      const by = Number(value("--ttl-inc")) - Number(value("--ttl-dec"));
      return {
        do: "ttl",
        change: (ttl) => rest.includes("--ttl-set") ? set : ttl + by,
      };
    }
    case "NFQUEUE":
    case "QUEUE":
    case "NETMAP":
    case "TPROXY":
      return { do: "unknown" };
  }
  if (name !== name.toUpperCase() || !TARGETS.includes(name)) {
    return { do: option === "-g" ? "goto" : "jump", chain: name };
  }
  return { do: "go on" };
}

/** Targets that look at a packet, or change what does not matter here. */
const TARGETS = (
  "AUDIT CHECKSUM CLASSIFY CONNMARK CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED " +
  "LOG NFLOG RATEEST SECMARK SET SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TRACE ULOG"
).split(" ");
