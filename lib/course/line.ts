/** One command line as a learner would type it: run, or left running. */

import { cannotStart, ownWords, run } from "../cli/command.ts";
import { Problem } from "../cli/problem.ts";
import { t } from "../cli/translate.ts";

/** How long a program that is left running may take to say its first word. */
const FIRST_WORD_MS = 10_000;

/**
 * Runs a command line, split on spaces, and returns what it printed. A line
 * that ends in ` &` is left running from its first output on, which is
 * returned. Throws a {@linkcode Problem} with the program's own words.
 */
export async function runLine(line: string): Promise<string> {
  if (line.endsWith(" &")) return await leaveRunning(line);
  const { code, stdout, stderr } = await run(line.split(" "));
  if (code === 0) return stdout.trim();
  throw failed(line, stderr || stdout);
}

async function leaveRunning(line: string): Promise<string> {
  const [program, ...args] = line.replace(/ &$/, "").split(" ");
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // Ctrl-C at our terminal is not for a program that is to stay.
      detached: true,
    }).spawn();
  } catch (error) {
    throw cannotStart(program, error);
  }
  const impatience = setTimeout(() => child.kill("SIGKILL"), FIRST_WORD_MS);
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  clearTimeout(impatience);
  if (value) return new TextDecoder().decode(value).trim();
  throw failed(line, await new Response(child.stderr).text());
}

function failed(line: string, words: string): Problem {
  return new Problem(
    `\`${line}\`: ${ownWords(words) || t`it ended without a word`}.`,
  );
}
