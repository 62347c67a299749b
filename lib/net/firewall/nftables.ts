/**
 * Reads what `nft -j list ruleset` prints, see libnftables-json(5): tables,
 * chains, and each rule as its statements. Tables of iptables' own are left
 * out: `iptables-save` tells them better.
 */

import { parseToolJson } from "../../cli/json.ts";
import { quotedLine } from "../../cli/shell.ts";
import { type Json, match, type Sets } from "./nft_expressions.ts";
import { readStatement } from "./nft_statements.ts";
import type { Chain, Rule } from "./ruleset.ts";

/** A table's flags, which nft 1.0.6 prints as whatever is in its memory just then. */
const FLAGS = /(\{"table": \{[^{}]*?"handle": \d+), "flags": ".*?"\}\}/gs;

/** Whether some table has flags: what they are tells only nft's own language. */
export function hasFlags(text: string): boolean {
  return text.search(FLAGS) >= 0;
}

/**
 * The tables that are switched off, such as `ip nat`, from what `nft list
 * ruleset` prints: none of their chains is asked, see nft(8), "dormant".
 */
export function dormantTables(text: string): string[] {
  return [...text.matchAll(/^table (\S+ \S+) \{[^{}]*?^\s+flags (.*)$/gm)]
    .flatMap(([_, table, flags]) => /\bdormant\b/.test(flags) ? [table] : []);
}

/**
 * The chains of all families. Throws a `Problem` where it is no JSON.
 *
 * @param nft the command, with whatever brings it into the namespace.
 * @param isElsewhere says of a table whether it is to be left out.
 */
export function readNftables(
  text: string,
  nft: string,
  isElsewhere: (family: string, table: string) => boolean,
): Chain[] {
  const parts: Json[] =
    parseToolJson(text.replace(FLAGS, "$1}}"), "nft").nftables;
  const of = (...kinds: string[]): Json[] =>
    parts.flatMap((part) => kinds.flatMap((kind) => part[kind] ?? []))
      .filter(({ family, table }) => !isElsewhere(family, table));
  const key = ({ family, table }: Json, name: string) =>
    `${family} ${table} ${name}`;
  const sets = new Map(
    of("set", "map").map((set) => [key(set, set.name), set]),
  );
  const chains = new Map(
    of("chain").map((chain) => [key(chain, chain.name), makeChain(chain, nft)]),
  );
  for (const rule of of("rule")) {
    chains.get(key(rule, rule.chain))?.rules.push(
      readRule(rule, nft, (name) => sets.get(key(rule, name))),
    );
  }
  return [...chains.values()];
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
    accept: ({ from, to, port, replies, first }) =>
      [
        `${nft} ${first ? "insert" : "add"} rule ${where}`,
        isIp && from && `ip saddr ${from}`,
        isIp && to && `ip daddr ${to}`,
        isIp && port && `${port.protocol} dport ${port.number}`,
        isIp && replies && "ct state established,related",
        "accept",
      ].filter(Boolean).join(" "),
  };
}

function readRule(json: Json, nft: string, sets: Sets): Rule {
  const where = quotedLine([json.family, json.table, json.chain]);
  const parts: [kind: string, body: Json][] = json.expr.flatMap((
    each: Json,
  ) => Object.entries(each));
  const is = (field: string) =>
    parts.find(([kind, body]) =>
      kind === "match" && body.left?.payload?.field === field
    )?.[1];
  const out = parts.find(([kind, body]) =>
    kind === "match" && body.left?.meta?.key?.startsWith("oif")
  )?.[1];
  const [from, to] = [is("saddr"), is("daddr")];
  return {
    statements: parts.flatMap(([kind, body]) =>
      kind === "match"
        ? [{
          does: "match" as const,
          test: (packet) => match(body, packet, sets),
        }]
        : readStatement(kind, body, sets)
    ),
    show: `${nft} -a list chain ${where}`,
    line: `# handle ${json.handle}`,
    packets: parts.find(([kind]) => kind === "counter")?.[1]?.packets,
    remove: `${nft} delete rule ${where} handle ${json.handle}`,
    ...from ? { from: prefixText(from.right) } : {},
    ...to ? { to: prefixText(to.right) ?? JSON.stringify(to.right) } : {},
    ...out ? { out: (out.op === "!=" ? "! " : "") + out.right } : {},
  };
}

function prefixText(right: Json): string | undefined {
  return right?.prefix && `${right.prefix.addr}/${right.prefix.len}`;
}
