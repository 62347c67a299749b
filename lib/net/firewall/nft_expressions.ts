/**
 * What a rule of nftables reads from a packet and compares it with, see
 * libnftables-json(5), "EXPRESSIONS", and nft(8), "Payload expressions" and
 * "Meta expressions".
 *
 * A value is a text or a number as nft prints it, a list of these where parts
 * are joined (`ip saddr . tcp dport`), undefined where it is not known, and
 * null where the packet has no such field.
 */

import { covers, isAddress, toNumber } from "../ipv4.ts";
import { ofType } from "./address_type.ts";
import { ICMP_TYPES, type Packet, PROTOCOL_NUMBERS } from "./packet.ts";
import { every, fits, not, some, type Truth, within } from "./truth.ts";

/** A part of what nft prints. */
// deno-lint-ignore no-explicit-any
export type Json = any;

/** The named set or map of the table that a rule is in. */
export type Sets = (name: string) => Json | undefined;

/** What an expression yields. */
export type Value = string | number | undefined | null | Value[];

/** Whether a match holds: an operator, a left and a right side. */
export function match(
  { op, left, right }: Json,
  packet: Packet,
  sets: Sets,
): Truth {
  const value = valueOf(left, packet, sets);
  // A rule that asks for a field that is not there does not match, however it
  // asks.
  if (value === null || (Array.isArray(value) && value.includes(null))) {
    return false;
  }
  if (
    left?.payload?.field === "flags" || left?.ct?.key === "state" ||
    left?.ct?.key === "status" || left?.["&"]
  ) {
    const bits = matchBits(op, left, right, packet, sets);
    if (bits !== "no bits") return bits;
  }
  switch (op) {
    case "<":
    case ">":
    case "<=":
    case ">=":
      return compare(op, numberOf(value), numberOf(right));
    case "!=":
      return not(isAmong(value, right, sets));
    default:
      return isAmong(value, right, sets);
  }
}

function compare(
  op: string,
  one: number | undefined,
  other: number | undefined,
): Truth {
  if (one === undefined || other === undefined) return undefined;
  switch (op) {
    case "<":
      return one < other;
    case ">":
      return one > other;
    case "<=":
      return one <= other;
    default:
      return one >= other;
  }
}

/** Fields that are several bits with names: `ct state`, `tcp flags`. */
function matchBits(
  op: string,
  left: Json,
  right: Json,
  packet: Packet,
  sets: Sets,
): Truth | "no bits" {
  const masked = left["&"];
  const field = masked ? masked[0] : left;
  const set = bitsOf(field, packet);
  if (set === "no bits") return set;
  if (set === undefined) return undefined;
  if (typeof right === "string" && right.startsWith("@") || right?.set) {
    return set.length === 1 ? isAmong(set[0], right, sets) : undefined;
  }
  const wanted = names(right);
  // Of a connection's status we know what NAT does, and no more.
  const isKnown = field.ct?.key !== "status" ||
    op === "in" && wanted.every((each) => ["snat", "dnat"].includes(each));
  if (!isKnown) return undefined;
  if (masked) {
    const mask = names(masked[1]);
    const seen = set.filter((each) => mask.includes(each));
    const isSame = seen.length === wanted.length &&
      seen.every((each) => wanted.includes(each));
    return op === "!=" ? !isSame : isSame;
  }
  const isAny = wanted.some((each) => set.includes(each));
  if (op === "in") return isAny;
  const isSame = set.length === wanted.length && isAny;
  return op === "!=" ? !isSame : isSame;
}

/** The names in `["syn","ack"]`, `{"|":["syn","ack"]}`, `"syn"`; 0 is none. */
function names(json: Json): string[] {
  if (json === 0) return [];
  if (Array.isArray(json)) return json.flatMap(names);
  return json?.["|"] ? names(json["|"]) : [`${json}`];
}

function bitsOf(
  field: Json,
  { flags, ct, protocol }: Packet,
): string[] | undefined | "no bits" {
  if (field?.payload?.field === "flags") {
    return protocol === "tcp" ? flags && [...flags] : [];
  }
  if (field?.ct?.key === "state") return ct.state && [ct.state];
  if (field?.ct?.key === "status") return [...ct.nat];
  return "no bits";
}

/** What an expression yields for this packet. */
export function valueOf(json: Json, packet: Packet, sets: Sets): Value {
  if (typeof json === "string" || typeof json === "number") return json;
  // A list is for the right side alone.
  if (json === undefined || json === null || Array.isArray(json)) {
    return undefined;
  }
  if (json.concat) {
    return json.concat.map((each: Json) => valueOf(each, packet, sets));
  }
  if (json.map) {
    const found = lookUp(json.map, packet, sets);
    return found === undefined
      ? null
      : found === "unknown"
      ? undefined
      : valueOf(found, packet, sets);
  }
  for (const op of ["&", "|", "^", "<<", ">>"]) {
    if (json[op]) return calculate(op, json[op], packet, sets);
  }
  if (json.meta) return metaOf(json.meta.key, packet);
  if (json.payload) return payloadOf(json.payload, packet);
  if (json.ct) return ctOf(json.ct, packet);
  if (json.fib) return fibOf(json.fib, packet);
  return undefined;
}

function calculate(
  op: string,
  parts: Json[],
  packet: Packet,
  sets: Sets,
): Value {
  const values = parts.map((each) => valueOf(each, packet, sets));
  if (values.includes(null)) return null;
  const numbers = values.map(numberOf);
  return numbers.reduce((one, other) => {
    if (one === undefined || other === undefined) return undefined;
    switch (op) {
      case "&":
        return (one & other) >>> 0;
      case "|":
        return (one | other) >>> 0;
      case "^":
        return (one ^ other) >>> 0;
      case "<<":
        return (one << other) >>> 0;
      default:
        return one >>> other;
    }
  });
}

/** A number, also of one that is written as a text. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value === "") return undefined;
  const number = isAddress(value) ? toNumber(value) : Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function metaOf(key: string, packet: Packet): Value {
  const { family, protocol } = packet;
  switch (key) {
    case "iif":
    case "iifname":
      return packet.iif ?? "";
    case "oif":
    case "oifname":
      return packet.oif ?? "";
    case "protocol":
      return family;
    case "nfproto":
      return family === "ip" ? "ipv4" : null;
    case "l4proto":
      return protocol ?? null;
    case "mark":
      return packet.mark;
    case "length":
      return packet.length;
    case "pkttype":
      return family === "ip" ? "unicast" : undefined;
    case "skuid":
      return packet.uid;
  }
  return undefined;
}

function payloadOf({ protocol, field }: Json, packet: Packet): Value {
  const isIp = packet.family === "ip";
  switch (protocol) {
    case "ip":
      return isIp ? ipField(field, packet) : null;
    case "tcp":
    case "udp":
    case "th":
      if (packet.protocol === undefined) return null;
      if (protocol !== "th" && packet.protocol !== protocol) return null;
      if (packet.protocol === "icmp") {
        return protocol === "th" ? undefined : null;
      }
      return portField(field, packet);
    case "icmp":
      if (packet.protocol !== "icmp") return null;
      if (field === "type") return packet.icmp?.type;
      return field === "code" ? packet.icmp?.code : undefined;
    case "ether":
      if (field === "saddr") return packet.srcMac;
      if (field === "daddr") return packet.dstMac;
      return field === "type" ? packet.family : undefined;
    case "arp":
      if (isIp) return null;
      if (field === "saddr ip") return packet.src;
      if (field === "daddr ip") return packet.dst;
      return field === "operation" ? "request" : undefined;
    case "ip6":
    case "icmpv6":
    case "vlan":
    case "sctp":
    case "dccp":
    case "udplite":
    case "esp":
    case "ah":
    case "comp":
    case "igmp":
      return null;
  }
  return undefined;
}

function ipField(field: string, packet: Packet): Value {
  switch (field) {
    case "saddr":
      return packet.src;
    case "daddr":
      return packet.dst;
    case "protocol":
      return packet.protocol;
    case "ttl":
      return packet.ttl;
    case "length":
      return packet.length;
    case "version":
      return 4;
  }
  return undefined;
}

function portField(field: string, packet: Packet): Value {
  if (field === "sport") return packet.sport;
  return field === "dport" ? packet.dport : undefined;
}

function ctOf({ key, dir }: Json, { ct, protocol }: Packet): Value {
  if (ct.state === "invalid" || ct.state === "untracked") {
    // Not part of any connection: only its state can be asked for.
    return key === "state" ? ct.state : null;
  }
  const side = dir && ct[dir as "original" | "reply"];
  switch (key) {
    case "state":
      return ct.state;
    case "mark":
      return ct.mark;
    case "direction":
      return ct.direction;
    case "protocol":
      return protocol;
    case "l3proto":
      return "ipv4";
    case "saddr":
    case "ip saddr":
      return side?.src;
    case "daddr":
    case "ip daddr":
      return side?.dst;
    case "proto-src":
      return side?.sport;
    case "proto-dst":
      return side?.dport;
  }
  return undefined;
}

function fibOf({ result, flags }: Json, { src, dst, own }: Packet): Value {
  if (result !== "type" || [flags].flat().includes("iif")) return undefined;
  const address = [flags].flat().includes("daddr") ? dst : src;
  for (const type of ["local", "multicast", "unicast"]) {
    if (ofType([type], address, own)) return type;
  }
  return undefined;
}

/**
 * What a map holds for this packet; undefined: nothing, and `unknown` where
 * that cannot be told.
 */
export function lookUp(
  { key, data }: Json,
  packet: Packet,
  sets: Sets,
): Json | "unknown" | undefined {
  const value = valueOf(key, packet, sets);
  if (value === null || (Array.isArray(value) && value.includes(null))) {
    return undefined;
  }
  const pairs = typeof data === "string"
    ? elementsOf(sets(data.slice(1)))
    : data?.set;
  if (!Array.isArray(pairs)) return "unknown";
  let isUnknown = false;
  let otherwise: Json | undefined;
  for (const [option, found] of pairs) {
    if (option === "*") {
      otherwise = found;
      continue;
    }
    const holds = isAmong(value, option, sets);
    if (holds) return isUnknown ? "unknown" : found;
    if (holds === undefined) isUnknown = true;
  }
  return isUnknown ? "unknown" : otherwise;
}

/** The elements of a named set; undefined if there is no such set. */
function elementsOf(set: Json): Json[] | undefined {
  return set && (set.elem ?? []);
}

/** Whether a value is what the right side of a match names. */
function isAmong(value: Value, right: Json, sets: Sets): Truth {
  if (value === undefined) return undefined;
  if (value === null) return false;
  if (right?.elem) return isAmong(value, right.elem.val, sets);
  if (typeof right === "string" && right.startsWith("@")) {
    const elements = elementsOf(sets(right.slice(1)));
    return elements && some(elements.map((each) => isAmong(value, each, sets)));
  }
  const list = right?.set ?? (Array.isArray(right) ? right : undefined);
  if (list) {
    return some([list].flat().map((each: Json) => isAmong(value, each, sets)));
  }
  if (Array.isArray(value)) {
    const parts: Json[] | undefined = right?.concat;
    return parts &&
      every(value.map((each, i) => isAmong(each, parts[i], sets)));
  }
  if (right === "*") return true;
  if (right?.prefix) {
    return covers(`${right.prefix.addr}/${right.prefix.len}`, `${value}`);
  }
  if (right?.range) {
    const [low, high] = right.range.map(numberOf);
    return low === undefined || high === undefined
      ? undefined
      : within(numberOf(value), low, high);
  }
  if (typeof right === "object" || right === undefined) return undefined;
  return isSame(value, right);
}

/** A name that ends in `*` fits many; numbers and their names are the same. */
function isSame(value: string | number, right: string | number): Truth {
  if (value === right) return true;
  if (typeof value === "string" && typeof right === "string") {
    return fits(right, value, "*");
  }
  const name = typeof value === "string" ? value : right as string;
  const number = typeof value === "string" ? right : value;
  const known = ICMP_TYPES[name]?.[0] ?? PROTOCOL_NUMBERS[name] ??
    numberOf(name);
  return known === undefined ? undefined : known === number;
}
