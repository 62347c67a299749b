/** Whether a rule of nftables matches a packet: yes, no, or we cannot tell. */

import { readPrefix } from "../course/subnet.ts";
import { inNetwork, type Passing } from "./rule_fits.ts";

/** One rule, as `nft -j` prints it. */
export interface NftRule {
  /** `ip`, `inet`, `bridge`, … */
  family: string;
  /** The table's name. */
  table: string;
  /** The chain's name. */
  chain: string;
  /** The rule's number in its table. */
  handle: number;
  /** Its parts, see libnftables-json(5). */
  // deno-lint-ignore no-explicit-any
  expr: Record<string, any>[];
}

/** Undefined: it holds something that we cannot judge. */
export function ruleMatches(
  { expr }: NftRule,
  packet: Passing,
): boolean | undefined {
  let unsure = false;
  for (const part of expr) {
    if (!("match" in part)) {
      unsure ||= !KNOWN.some((name) => name in part);
      continue;
    }
    const matches = judge(part.match, packet);
    if (matches === false) return false;
    unsure ||= matches === undefined;
  }
  return unsure ? undefined : true;
}

/** Parts of a rule that match every packet. */
const KNOWN = [
  ...["counter", "drop", "accept", "reject", "return", "jump", "goto", "log"],
  ...["comment", "mangle", "masquerade", "snat", "dnat", "redirect", "notrack"],
];

// deno-lint-ignore no-explicit-any
type Json = any;

function judge(
  { op, left, right }: { op: string; left: Json; right: Json },
  packet: Passing,
): boolean | undefined {
  const value = valueOf(left, packet);
  if (value === undefined || !["==", "!=", "in"].includes(op)) return undefined;
  const fits = isOneOf(value, right);
  return fits === undefined ? undefined : fits === (op !== "!=");
}

/** What the packet has where a rule looks; undefined if we do not know. */
function valueOf(left: Json, packet: Passing): string | undefined {
  const { payload, meta } = left;
  const names: Record<number, string> = { 1: "icmp", 6: "tcp", 17: "udp" };
  const protocol = names[packet.protocol];
  if (payload?.protocol === "ip") {
    if (payload.field === "saddr") return packet.src;
    if (payload.field === "daddr") return packet.dst;
    if (payload.field === "protocol") return protocol;
  }
  switch (meta?.key) {
    case "iifname":
    case "iif":
      return packet.in ?? "";
    case "oifname":
    case "oif":
      return packet.out ?? "";
    case "l4proto":
      return protocol;
    case "nfproto":
      return "ipv4";
    case "protocol":
      return "ip";
  }
}

function isOneOf(value: string, right: Json): boolean | undefined {
  if (right?.prefix) {
    const { addr, len } = right.prefix;
    return inNetwork(value, `${addr}/${len}`);
  }
  if (right?.range) {
    const [from, to, at] = [...right.range, value].map((each: string) =>
      readPrefix(each)?.first
    );
    return at !== undefined && from !== undefined && to !== undefined
      ? at >= from && at <= to
      : undefined;
  }
  const many = right?.set ?? (Array.isArray(right) ? right : undefined);
  if (many) {
    const each = many.map((one: Json) => isOneOf(value, one));
    return each.includes(true) ||
      (each.includes(undefined) ? undefined : false);
  }
  if (typeof right === "number") return undefined;
  if (typeof right !== "string" || right.startsWith("@")) return undefined;
  return right.endsWith("*")
    ? value.startsWith(right.slice(0, -1))
    : value === right;
}
