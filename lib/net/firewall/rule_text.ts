/** A rule as the program that keeps it prints it. */

import { shellWords } from "../../cli/shell.ts";
import { tryRun } from "./read.ts";
import { ruleLines } from "./rule_lines.ts";
import type { Rule } from "./ruleset.ts";

/** Its line; of nftables without the handle. Undefined once it is gone. */
export async function ruleText(
  { show, line }: Rule,
): Promise<string | undefined> {
  if (!line.startsWith("# handle")) return line;
  const { stdout = "" } = await tryRun(shellWords(show)) ?? {};
  return ruleLines(stdout).map((each) => each.trim())
    .find((each) => each.endsWith(line))
    ?.slice(0, -line.length).trim();
}
