/** The rules of iptables with their counters, and which of them were hit. */

import { ruleLines } from "../net/firewall/rule_lines.ts";

/** A rule or a policy. */
export interface CountedRule {
  /** The program that lists it: `iptables`, or `iptables-legacy`. */
  program: string;
  /** Such as `filter`. */
  table: string;
  /** Such as `FORWARD`. */
  chain: string;
  /** As `iptables -S` prints it. */
  text: string;
  /** What happens to a packet that it matches: `DROP`, `MASQUERADE`, … */
  target: string;
  /** How many packets it has matched. */
  packets: number;
}

/** Reads what `iptables-save -c` prints, see iptables-save(8). */
export function readCounted(
  text: string,
  program = "iptables",
): CountedRule[] {
  const rules: CountedRule[] = [];
  let table = "";
  for (const line of ruleLines(text)) {
    if (line.startsWith("*")) table = line.slice(1);
    const policy = line.match(/^:(\S+) ([A-Z]+) \[(\d+):/);
    if (policy) {
      const [, chain, target, packets] = policy;
      const text = `-P ${chain} ${target}`;
      rules.push({
        program,
        table,
        chain,
        text,
        target,
        packets: Number(packets),
      });
    }
    const rule = line.match(/^\[(\d+):\d+\] (-A (\S+).*)$/s);
    if (rule) {
      const [, packets, text, chain] = rule;
      const target = text.match(/ -[jg] (\S+)/)?.[1] ?? "";
      rules.push({
        program,
        table,
        chain,
        text,
        target,
        packets: Number(packets),
      });
    }
  }
  return rules;
}

/** A rule whose counter rose while the packet was on its way. */
export interface Hit extends CountedRule {
  /** Its counter before. */
  before: number;
}

/** The rules that matched something between two readings. */
export function hits(before: CountedRule[], after: CountedRule[]): Hit[] {
  const counts = new Map<string, number>();
  // The same rule may stand twice: tell them apart by their number.
  const seen = new Map<string, number>();
  const key = ({ table, text }: CountedRule, counter: Map<string, number>) => {
    const name = `${table} ${text}`;
    counter.set(name, (counter.get(name) ?? 0) + 1);
    return `${counter.get(name)} ${name}`;
  };
  for (const rule of before) counts.set(key(rule, seen), rule.packets);
  seen.clear();
  return after.flatMap((rule) => {
    const was = counts.get(key(rule, seen)) ?? 0;
    return rule.packets > was ? [{ ...rule, before: was }] : [];
  });
}
