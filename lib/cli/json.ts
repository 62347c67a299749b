/** JSON as `ip`, `bridge` and `nft` print it, which is not always JSON. */

import { type Result, run, whyFailed } from "./command.ts";
import { Problem } from "./problem.ts";
import { t } from "./translate.ts";

/**
 * Runs a program that prints JSON. Throws a {@linkcode Problem} if it failed,
 * or printed something else: then nothing is known, which is not "nothing is
 * there".
 */
export async function runJson<T>(line: string): Promise<T> {
  return readJson<T>(await run(line.split(" ")), line);
}

/** The JSON that a program printed which was started as `line`; see above. */
export function readJson<T>(result: Result, line: string): T {
  const command = `\`${line}\``;
  if (result.code !== 0) throw new Problem(`${command}: ${whyFailed(result)}.`);
  return parseToolJson<T>(result.stdout, command);
}

/**
 * Reads a tool's JSON. Anybody may put an ESC into a link's name, alias or
 * altname, and iproute2 prints it as it is, which JSON forbids: such
 * characters are escaped first. Throws a {@linkcode Problem} where it is no
 * JSON at all.
 *
 * @param command what printed it, as people know it: `ip`.
 */
// deno-lint-ignore no-explicit-any
export function parseToolJson<T = any>(text: string, command = "a tool"): T {
  try {
    return JSON.parse(text.replace(STRING, repair));
  } catch {
    const start = text.trim().slice(0, 60);
    throw new Problem(
      t`Cannot read what ${command} printed: ${
        start ? `it is no JSON: ${JSON.stringify(start)}` : "it is empty"
      }.`,
    );
  }
}

/** A string of JSON, whatever is in it. */
const STRING = /"(?:[^"\\]|\\.)*"/gs;

function repair(string: string): string {
  return string
    // Older iproute2 escapes what JSON leaves alone: \'.
    .replace(/\\(.)/gs, (pair, char) => /["\\/bfnrtu]/.test(char) ? pair : char)
    // deno-lint-ignore no-control-regex
    .replace(/[\0-\x1f]/g, (char) => JSON.stringify(char).slice(1, -1));
}
