/**
 * Where iptables keeps its rules today: a table of nftables. The first rule
 * makes the table and a chain, which the last one leaves behind empty. They
 * change nothing, but they were not there before; or the table was, with
 * somebody's own chains in it.
 */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { NO_FIREWALL } from "../../lib/net/saved_rules.ts";
import { isInstalled } from "../path.ts";
import { typeQuietly } from "./type_line.ts";
import { t } from "../../lib/cli/translate.ts";

/**
 * The chains of the table; null if there is no such table; undefined where
 * there is no `nft` to ask.
 */
export async function chainsOf(
  table: string,
): Promise<string[] | null | undefined> {
  if (!isInstalled("nft")) return undefined;
  const text = await read(table);
  if (text === null) return null;
  return [...text.matchAll(/^\s+chain (\S+) \{/gm)].map(([, name]) => name);
}

/**
 * Removes what is empty of it and was not there before. Throws a
 * {@linkcode Problem} if that is there afterwards.
 */
export async function tidy(
  table: string,
  before: string[] | null | undefined,
): Promise<void> {
  if (before === undefined) return;
  const isOurs = (chain: string) => !before?.includes(chain);
  for (const chain of emptyChains(await read(table)).filter(isOurs)) {
    await typeQuietly(`nft delete chain ip ${table} ${chain}`);
  }
  const rest = await read(table);
  if (before === null && isEmpty(rest)) {
    await typeQuietly(`nft delete table ip ${table}`);
  }
  const isLeft = before === null && isEmpty(await read(table)) ||
    emptyChains(rest).some(isOurs);
  if (!isLeft) return;
  throw new Problem(
    t`Cannot remove what the lab's rule left in table ip ${table} of nftables: \`nft\` said nothing, and it is there.`,
  );
}

/** The chains without a rule that iptables may have made. */
function emptyChains(text: string | null): string[] {
  return [...(text ?? "").matchAll(EMPTY_CHAIN)].map(([, name]) => name);
}

function isEmpty(text: string | null): boolean {
  return /^table ip \w+ \{\s*\}$/.test(text ?? "");
}

/** As iptables makes them: of its own names, and with its policy of a start. */
const EMPTY_CHAIN =
  /^\s+chain (PREROUTING|INPUT|OUTPUT|POSTROUTING) \{\s*type nat hook \w+ priority [\w-]+; policy accept;\s*\}/gm;

/** The table as nftables prints it; null if there is none. */
async function read(table: string): Promise<string | null> {
  const line = `nft list table ip ${table}`;
  const result = await run(line.split(" "));
  const text = result.stdout.replaceAll(/^#.*\n/gm, "").trim();
  if (result.code === 0 && text.startsWith(`table ip ${table} {`)) return text;
  const words = result.code === 0 ? t`it printed no table` : whyFailed(result);
  if (/No such file or directory/.test(words) || NO_FIREWALL.test(words)) {
    return null;
  }
  throw new Problem(`\`${line}\`: ${words}.`);
}
