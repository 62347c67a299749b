/** Runs inside a sandbox: a lab is built there, and then broken. */

import { runLines } from "../../lib/lab/batch.ts";
import { run } from "../../lib/cli/command.ts";
import { shellWords } from "../../lib/cli/shell.ts";

/** Runs command lines as fast as can be; throws where one fails. */
export async function build(lines: readonly string[]): Promise<void> {
  const failure = await runLines(lines);
  if (failure) throw new Error(`${lines[failure.index]}: ${failure.words}`);
}

/** Runs one command line as it was printed; throws where it fails. */
export async function must(line: string): Promise<void> {
  const { code, stderr } = await run(shellWords(line));
  if (code !== 0) throw new Error(`${line}: ${stderr}`);
}

/**
 * Waits until the kernel has reported every light that is on: what it reports
 * late would mend what a case breaks, such as the state of a port.
 */
export async function settled(): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline) {
    const { stdout } = await run(["bridge", "link", "show"]);
    const ports = stdout.trim().split("\n").filter(Boolean);
    if (ports.every((port) => port.includes(" state forwarding"))) return;
  }
}
