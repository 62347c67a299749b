/** JSON as `ip`, `bridge` and `nft` print it, which is not always JSON. */

import { Problem } from "./problem.ts";

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
      `Cannot read what ${command} printed: ${
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
