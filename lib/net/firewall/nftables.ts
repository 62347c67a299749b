/**
 * Reads what `nft -j list ruleset` prints, see libnftables-json(5). Tables of
 * iptables' own are left out: `iptables-save` tells them better.
 */

import { quotedLine } from "../../cli/shell.ts";
import { parseToolJson } from "../../cli/json.ts";
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

// deno-lint-ignore no-explicit-any
type Json = any;

/**
 * The chains of all families.
 *
 * @param isElsewhere says of a table whether it has been read already.
 */
export function readNftables(
  text: string,
  nft: string,
  isElsewhere: (family: string, table: string) => boolean,
): Chain[] {
  const parts: Json[] = parseToolJson(text, "nft").nftables;
  const of = (kind: string): Json[] =>
    parts.flatMap((part) => part[kind] ?? [])
      .filter(({ family, table }) => !isElsewhere(family, table));
  const sets = of("set");
  const chains = of("chain").map((chain) => makeChain(chain, nft));
  for (const rule of of("rule")) {
    const chain = chains.find((each) =>
      each.family === rule.family && each.table === rule.table &&
      each.name === rule.chain
    );
    const known = sets.filter((set) =>
      set.family === rule.family && set.table === rule.table
    );
    chain?.rules.push(readRule(rule, chain, nft, known));
  }
  return chains;
}

function makeChain(json: Json, nft: string): Chain {
  const { family, table, name } = json;
  const where = quotedLine([family, table, name]);
  const isIp = ["ip", "inet"].includes(family);
  return {
    backend: "nft",
    family,
    table,
    name,
    hook: json.hook,
    type: json.type,
    priority: json.prio ?? 0,
    policy: json.policy ?? "accept",
    devices: json.dev && [json.dev].flat(),
    rules: [],
    show: `${nft} -a list chain ${where}`,
    line: `policy ${json.policy}`,
    accept: ({ from, to, replies, first }) =>
      [
        `${nft} ${first ? "insert" : "add"} rule ${where}`,
        isIp && from && `ip saddr ${from}`,
        isIp && to && `ip daddr ${to}`,
        isIp && replies && "ct state established,related",
        "accept",
      ].filter(Boolean).join(" "),
  };
}

function readRule(json: Json, chain: Chain, nft: string, sets: Json[]): Rule {
  const where = quotedLine([chain.family, chain.table, chain.name]);
  const tests: ((packet: Packet) => Truth)[] = [];
  let action = (_packet: Packet): Action => ({ do: "go on" });
  let from: string | undefined;
  let to: string | undefined;
  let out: string | undefined;
  for (const expression of json.expr) {
    const [[kind, body]] = Object.entries<Json>(expression);
    if (kind === "match") {
      const { op, left, right } = body;
      tests.push((packet) => match(op, left, right, packet, sets));
      if (left.payload?.field === "saddr" && right.prefix) {
        from = `${right.prefix.addr}/${right.prefix.len}`;
      }
      if (left.payload?.field === "daddr") to = JSON.stringify(right);
      if (left.meta?.key?.startsWith("oif")) {
        out = (op === "!=" ? "! " : "") + right;
      }
    } else if (kind === "vmap") {
      action = (packet) => chosen(body, packet, sets);
    } else if (["limit", "xt", "quota", "socket"].includes(kind)) {
      tests.push(() => undefined);
    } else {
      const made = makeAction(kind, body);
      if (made.do !== "go on") action = () => made;
    }
  }
  return {
    test: (packet) => every(tests.map((test) => test(packet))),
    action,
    show: `${nft} -a list chain ${where}`,
    line: `# handle ${json.handle}`,
    remove: `${nft} delete rule ${where} handle ${json.handle}`,
    from,
    to,
    out,
  };
}

function makeAction(kind: string, body: Json): Action {
  switch (kind) {
    case "accept":
    case "drop":
    case "return":
    case "masquerade":
    case "notrack":
      return { do: kind };
    case "reject":
      return { do: "drop" };
    case "jump":
    case "goto":
      return { do: kind, chain: body.target };
    case "snat":
    case "dnat":
      return { do: kind, to: `${body?.addr}` };
    case "redirect":
      return { do: "dnat", to: "127.0.0.1" };
    case "mangle":
      if (body.key?.meta?.key === "mark" && typeof body.value === "number") {
        return { do: "mark", value: body.value, mask: 0xffffffff };
      }
      if (body.key?.payload?.field === "ttl") {
        return { do: "ttl", change: () => body.value };
      }
      return { do: "go on" };
    case "queue":
    case "fwd":
      return { do: "unknown" };
    default:
      return { do: "go on" };
  }
}

/** The verdict that a map holds for this packet. */
function chosen({ key, data }: Json, packet: Packet, sets: Json[]): Action {
  const pairs: [Json, Json][] = data.set ?? [];
  for (const [value, verdict] of pairs) {
    const holds = match("==", key, value, packet, sets);
    if (holds === undefined) return { do: "unknown" };
    if (!holds) continue;
    const [[kind, body]] = Object.entries<Json>(verdict);
    return makeAction(kind, body);
  }
  return { do: data.set ? "go on" : "unknown" };
}

function match(
  op: string,
  left: Json,
  right: Json,
  packet: Packet,
  sets: Json[],
): Truth {
  if (left.concat) {
    const options: Json[] = right.set ?? [right];
    const each = options.map((option) =>
      every(
        left.concat.map((part: Json, i: number) =>
          match("==", part, option.concat?.[i], packet, sets)
        ),
      )
    );
    const any = each.includes(true) ||
      (each.includes(undefined) ? undefined : false);
    return op === "!=" ? not(any) : any;
  }
  const value = valueOf(left, packet);
  if (value === undefined) return undefined;
  if (["<", ">", "<=", ">="].includes(op)) {
    const [a, b] = [Number(value), Number(right)];
    return op === "<"
      ? a < b
      : op === ">"
      ? a > b
      : op === "<="
      ? a <= b
      : a >= b;
  }
  const found = isAmong(value, right, sets);
  return op === "!=" ? not(found) : found;
}

/** Whether a value is what the right side of a match names. */
function isAmong(value: string | number, right: Json, sets: Json[]): Truth {
  if (Array.isArray(right)) return anyOf(right, value, sets);
  if (right?.set) return anyOf([right.set].flat(), value, sets);
  if (right?.elem) return isAmong(value, right.elem.val, sets);
  if (right?.prefix) {
    return covers(`${right.prefix.addr}/${right.prefix.len}`, `${value}`);
  }
  if (right?.range) {
    const [low, high] = right.range.map((end: Json) => toNumber(`${end}`));
    return toNumber(`${value}`) >= low && toNumber(`${value}`) <= high;
  }
  if (typeof right === "string" && right.startsWith("@")) {
    const set = sets.find(({ name }) => name === right.slice(1));
    return set && anyOf(set.elem ?? [], value, sets);
  }
  if (typeof right === "object") return undefined;
  return typeof right === "string" && typeof value === "string"
    ? fits(right, value, "*")
    : value === right;
}

function anyOf(options: Json[], value: string | number, sets: Json[]): Truth {
  const truths = options.map((option) => isAmong(value, option, sets));
  return truths.includes(true) ||
    (truths.includes(undefined) ? undefined : false);
}

/** What the left side of a match reads from the packet. */
function valueOf(left: Json, packet: Packet): string | number | undefined {
  if (left["&"]) {
    const [part, mask] = left["&"];
    const value = valueOf(part, packet);
    return typeof value === "number" && typeof mask === "number"
      ? (value & mask) >>> 0
      : undefined;
  }
  const ip = packet.kind !== "arp";
  switch (left.meta?.key) {
    case "iif":
    case "iifname":
      return packet.iif ?? "";
    case "oif":
    case "oifname":
      return packet.oif ?? "";
    case "l4proto":
      return ip ? "icmp" : "";
    case "protocol":
      return ip ? "ip" : "arp";
    case "nfproto":
      return ip ? "ipv4" : "";
    case "mark":
      return packet.mark;
  }
  if (left.ct?.key === "state") return packet.state;
  if (left.ct?.key === "direction") {
    return packet.kind === "reply" ? "reply" : "original";
  }
  if (left.fib?.result === "type") {
    const address = left.fib.flags.includes("daddr") ? packet.dst : packet.src;
    return packet.own.includes(address) ? "local" : "unicast";
  }
  if (!left.payload) return undefined;
  switch (`${left.payload.protocol} ${left.payload.field}`) {
    case "ip saddr":
      return ip ? packet.src : "";
    case "ip daddr":
      return ip ? packet.dst : "";
    case "ip protocol":
      return ip ? "icmp" : "";
    case "ip ttl":
      return packet.ttl;
    case "icmp type":
      return ip ? `echo-${packet.kind}` : "";
    case "ether type":
      return ip ? "ip" : "arp";
  }
  // A packet of another kind than this rule is for.
  if (["tcp", "udp", "ip6", "icmpv6", "th"].includes(left.payload.protocol)) {
    return left.payload.protocol === "th" ? undefined : "";
  }
}
