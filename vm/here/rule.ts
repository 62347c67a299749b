/** The lab's NAT rule among this machine's own rules. */

import { run } from "../../lib/command.ts";
import { isInstalled } from "../path.ts";
import { readRules } from "../../lib/snapshot.ts";
import type { Type } from "./notes.ts";

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
  /** Whether nftables, which iptables is today, had the table before. */
  hadTable: boolean;
}

/** Counts the rules that are the same. */
export async function intend(table: string, rule: string): Promise<RuleNote> {
  return {
    what: "rule",
    table,
    rule,
    others: await count(table, rule),
    hadTable: await nftTable(table) !== undefined,
  };
}

/** The note, if there is one more of them. */
export async function confirm(note: RuleNote): Promise<RuleNote | undefined> {
  return await count(note.table, note.rule) > note.others ? note : undefined;
}

/** Deletes the one that we added, and the table if that is ours as well. */
export async function remove(note: RuleNote, type: Type): Promise<string[]> {
  const { table, rule, others } = note;
  const left: string[] = [];
  const there = await count(table, rule);
  if (there > others) await type(deletion(table, rule));
  if (there > others + 1) {
    left.push(`\`${rule}\`: somebody else added the same rule, and it stays.`);
  }
  await removeTable(note);
  return left;
}

/** The command line that deletes a rule. */
export function deletion(table: string, rule: string): string {
  return `iptables -t ${table} ${rule.replace("-A", "-D")}`;
}

/**
 * The first rule makes the table and its chain, which the last one leaves
 * behind empty. They change nothing, but they were not there before.
 */
export async function removeTable({ table, hadTable }: RuleNote) {
  const rules = (await readRules())[table] ?? [];
  if (hadTable || !rules.every((rule) => /^-P \S+ ACCEPT$/.test(rule))) return;
  const isEmpty = async () =>
    /^table ip \w+ \{\s*\}$/.test(await nftTable(table) ?? "");
  if (!await isEmpty()) await run(["iptables", "-t", table, "-X"]);
  if (await isEmpty()) await run(["nft", "delete", "table", "ip", table]);
}

async function count(table: string, rule: string): Promise<number> {
  const rules = (await readRules())[table] ?? [];
  return rules.filter((each) => each === rule).length;
}

/** The table as nftables has it; undefined if it has none, or no `nft`. */
async function nftTable(table: string): Promise<string | undefined> {
  if (!isInstalled("nft")) return undefined;
  const { code, stdout } = await run(["nft", "list", "table", "ip", table]);
  return code === 0 ? stdout.trim() : undefined;
}
