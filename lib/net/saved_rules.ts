/** The machine's rules as `iptables -S` prints them. */

import { type Result, run, whyFailed } from "../cli/command.ts";
import { Problem } from "../cli/problem.ts";
import { t } from "../cli/translate.ts";
import { ruleLines } from "./firewall/rule_lines.ts";

/** Rules, chains and policies by table, in the words of `iptables -S`. */
export type SavedRules = Record<string, string[]>;

/**
 * The rules of every table that there is, by table. Throws a
 * {@linkcode Problem} if they cannot be read.
 */
export async function readRules(): Promise<SavedRules> {
  // One process for all tables, in the words of `iptables -S`; and it makes
  // no table that is not there.
  const result = await run(["iptables-save"]);
  if (result.code === 0) return readSaved(result.stdout);
  if (!NAMES_HIDDEN.test(result.stderr)) return noneOr(result);
  const tables = ["filter", "nat", "mangle", "raw"].map(async (table) => {
    const saved = await run(["iptables-save", "-t", table]);
    return saved.code === 0 ? readSaved(saved.stdout) : noneOr(saved);
  });
  return Object.assign({}, ...await Promise.all(tables));
}

/** No rules, if that is why they could not be read. */
function noneOr(failed: Result): SavedRules {
  const words = whyFailed(failed);
  if (NO_FIREWALL.test(words)) return {};
  throw new Problem(t`Cannot read this machine's rules: ${words}.`);
}

/**
 * How the older iptables says that it may not know which tables there are: the
 * file belongs to the host's root. Each table can be read all the same.
 */
const NAMES_HIDDEN = /ip_tables_names: Permission denied/;

function readSaved(saved: string): SavedRules {
  const rules: SavedRules = {};
  let table: string[] | undefined;
  for (const line of ruleLines(saved)) {
    const policy = line.match(/^:(\S+) (\S+)/);
    if (line === "" || line.startsWith("#")) continue;
    else if (line.startsWith("*")) rules[line.slice(1)] = table = [];
    else if (table && line === "COMMIT") table = undefined;
    else if (table && line.startsWith("-A ")) table.push(line);
    else if (table && policy) {
      const [, chain, target] = policy;
      table.push(target === "-" ? `-N ${chain}` : `-P ${chain} ${target}`);
    } else throw noRules(line);
  }
  if (table) throw noRules(t`it ends before its COMMIT`);
  return rules;
}

/** How the tools say that this kernel has no firewall at all. */
export const NO_FIREWALL = /Protocol not supported|Table does not exist/;

function noRules(words: string): Problem {
  return new Problem(
    t`Cannot read this machine's rules: \`iptables-save\` printed no table (${words}).`,
  );
}
