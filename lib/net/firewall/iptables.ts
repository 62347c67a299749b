/**
 * Reads what `iptables-save -c` prints, see iptables-save(8): the tables, their
 * chains, and each rule as its matches and its target.
 */

import { quoted, quotedLine } from "../../cli/shell.ts";
import { readMatches } from "./iptables_matches.ts";
import { readTarget } from "./iptables_targets.ts";
import { ruleLines } from "./rule_lines.ts";
import type { Chain, Rule } from "./ruleset.ts";

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
  const chains = new Map<string, Chain>();
  let table = "";
  for (const line of ruleLines(text)) {
    if (line.startsWith("*")) table = line.slice(1);
    const command = table === "filter" ? program : `${program} -t ${table}`;
    const head = line.match(/^:(\S+) (\S+)(?: \[(\d+):)?/);
    if (head) {
      const [, name, policy, packets] = head;
      chains.set(`${table} ${name}`, {
        ...makeChain(table, name, policy, command, backend),
        ...packets ? { packets: Number(packets) } : {},
      });
    }
    const [, packets, words, name] =
      line.match(/^(?:\[(\d+):\d+\] )?(-A (\S+)(?: .*)?)$/s) ?? [];
    const chain = words && chains.get(`${table} ${name}`);
    if (!chain) continue;
    chain.rules.push({
      ...readRule(words, chain, command),
      ...packets ? { packets: Number(packets) } : {},
    });
  }
  return [...chains.values()];
}

function makeChain(
  table: string,
  name: string,
  policy: string,
  command: string,
  backend: Chain["backend"],
): Chain {
  const isNat = table === "nat";
  return {
    backend,
    family: "ip",
    table,
    name,
    hook: policy === "-" ? undefined : name.toLowerCase(),
    type: isNat ? "nat" : "filter",
    // Destination NAT comes early, source NAT late.
    priority: isNat
      ? (name === "PREROUTING" || name === "OUTPUT" ? -100 : 100)
      : PRIORITY[table] ?? 0,
    policy: policy === "DROP" ? "drop" : "accept",
    rules: [],
    show: `${command} -S ${quoted(name)}`,
    line: `-P ${name} ${policy}`,
    accept: ({ from, to, port, replies, first }) =>
      [
        `${command} ${first ? "-I" : "-A"} ${quoted(name)}`,
        from && `-s ${from}`,
        to && `-d ${to}`,
        port && `-p ${port.protocol} --dport ${port.number}`,
        replies && "-m conntrack --ctstate RELATED,ESTABLISHED",
        "-j ACCEPT",
      ].filter(Boolean).join(" "),
  };
}

function readRule(line: string, chain: Chain, command: string): Rule {
  const words = splitWords(line);
  const rest = words.slice(2);
  const { matches, from, to, out, at } = readMatches(rest);
  return {
    statements: [
      ...matches.map((test) => ({ does: "match" as const, test })),
      ...readTarget(rest.slice(at)),
    ],
    show: `${command} -S ${quoted(chain.name)}`,
    line,
    remove: `${command} -D ${quotedLine(words.slice(1))}`,
    ...{ from, to, out },
  };
}

/** The words of a rule; what is in quotes, such as a comment, is one word. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs)]
    .map(([_, quoted, plain]) => quoted?.replace(/\\(.)/gs, "$1") ?? plain);
}
