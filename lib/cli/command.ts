/** Running one program and keeping its own words. */

import { installAdvice } from "./packages.ts";
import { Problem, wordsOf } from "./problem.ts";
import { t } from "./translate.ts";

/** How a program ended. */
export interface Result {
  /** The program's exit code. */
  code: number;
  /** What it wrote to standard output. */
  stdout: string;
  /** What it wrote to standard error. */
  stderr: string;
}

/**
 * Runs a program to its end. A code other than 0 is an answer, not an error;
 * a program that cannot be started at all is a {@linkcode Problem}.
 */
export async function run(
  argv: readonly string[],
  input?: string,
): Promise<Result> {
  const [program, ...args] = argv;
  try {
    const child = new Deno.Command(program, {
      args,
      // The kernel's words are matched: they must not be translated.
      env: { LC_ALL: "C" },
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (input !== undefined) await feed(child.stdin, input);
    const { code, signal, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    const said = text.decode(stderr);
    return {
      code,
      stdout: text.decode(stdout),
      // Whoever was killed cannot say so himself.
      stderr: signal ? `${said}\n${program} was killed (${signal})` : said,
    };
  } catch (error) {
    throw cannotStart(program, error);
  }
}

/** A program that ends before it has read everything says why itself. */
async function feed(stdin: WritableStream<Uint8Array>, input: string) {
  try {
    const writer = stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Says why a program did not start, and what helps. */
export function cannotStart(program: string, error: unknown): Problem {
  if (error instanceof Deno.errors.NotFound) {
    return new Problem(
      t`Cannot run ${program}: it is not installed.`,
      installAdvice([program]),
    );
  }
  const words = wordsOf(error);
  if (/temporarily unavailable|Cannot allocate memory/.test(words)) {
    return new Problem(
      t`Cannot start ${program}: ${words}.`,
      t`No more processes can be made (see \`ulimit -u\`): end some, then type the same again.`,
    );
  }
  return new Problem(t`Cannot start ${program}: ${words}.`);
}

/** Why a program failed: its own words, or that it had none. */
export function whyFailed({ code, stderr }: Result): string {
  return ownWords(stderr) || t`it ended with ${code} and no word`;
}

/** The words of the kernel or of a tool, without the frame around them. */
export function ownWords(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !/^Command failed .*:\d+$/.test(line))
    .map((line) => line.replace(/^(RTNETLINK answers|Error|ip): /, "").trim())
    .filter((line) => line !== "")
    .join("; ")
    .replace(/[.;\s]+$/, "");
}
