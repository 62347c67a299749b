/** The lab's NAT rule among this machine's own rules. */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { readRules } from "../../lib/net/saved_rules.ts";
import { chainsOf, tidy } from "./nft_table.ts";
import type { Left } from "./removal.ts";
import type { Type } from "./removal.ts";
import { t } from "../../lib/cli/translate.ts";

/** How to know the rule again. */
export interface RuleNote {
  /** The kind of note. */
  what: "rule";
  /** Its table. */
  table: string;
  /** The rule, as `iptables -S` prints it. */
  rule: string;
  /** How many of the very same rule there were before. */
  others: number;
  /**
   * The chains that nftables had in its table before; null if it had no such
   * table; absent where the rule is not in one of its tables.
   */
  chains?: string[] | null;
}

/** Counts the rules that are the same. */
export async function reserve(table: string, rule: string): Promise<RuleNote> {
  return {
    what: "rule",
    table,
    rule,
    others: await count(table, rule),
    chains: await chainsOf(table),
  };
}

/** The note, if there is one more of them. */
export async function confirm(note: RuleNote): Promise<RuleNote | undefined> {
  const { table, rule, others } = note;
  if (await count(table, rule) <= others) return undefined;
  // Still no table: this machine's iptables is the older one.
  const isNft = note.chains !== null || await chainsOf(table) !== null;
  return isNft ? note : { ...note, chains: undefined };
}

/** Deletes the one that we added, and the table if that is ours as well. */
export async function remove(note: RuleNote, type: Type): Promise<Left[]> {
  const { table, rule, others } = note;
  const there = await count(table, rule);
  if (there > others) await type(deletion(table, rule));
  await removeTable(note);
  const left: Left[] = [];
  if (there > others + 1) {
    left.push({
      text: t`\`${rule}\`: somebody else added the same rule, and it stays.`,
      isOurs: false,
    });
  }
  if (there > others && await count(table, rule) >= there) {
    left.push({
      text: t`\`${rule}\`: \`iptables\` said nothing, and it is there.`,
      isOurs: true,
    });
  }
  return left;
}

/** The command line that deletes a rule. */
export function deletion(table: string, rule: string): string {
  return `iptables -t ${table} ${rule.replace("-A", "-D")}`;
}

/** Removes what the rule has left behind, once that is gone. */
export async function removeTable({ table, chains }: RuleNote) {
  await tidy(table, chains);
}

async function count(table: string, rule: string): Promise<number> {
  const rules = (await readRules())[table] ?? [];
  const found = rules.filter((each) => each === rule).length;
  if (found > 0) return found;
  // That nothing was printed proves little: a second witness is asked.
  const check = `iptables -t ${table} ${rule.replace("-A", "-C")}`;
  const result = await run(check.split(" "));
  const words = whyFailed(result);
  if (result.code === 1 && /Bad rule|No chain\/target/.test(words)) return 0;
  throw new Problem(
    t`Cannot tell whether the rule is there: \`iptables-save\` does not show it, and \`${check}\`: ${
      result.code === 0 ? "it is there" : words
    }.`,
  );
}
