/** How the tasks that test run `deno test`. */

import { denoItself, ROOT } from "../../vm/path.ts";

/**
 * Tests make machines and break them: they may run what they like. (Types are
 * for `deno task check`.)
 */
export const MAY: readonly string[] = [
  "--no-check",
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];

/** Tests of many faults, which take minutes: those of `test:faults`. */
export const FAULTS: readonly string[] = [
  "tests/faults",
  "tests/doctor/pairs_test.ts",
  "tests/doctor/harm_test.ts",
  "tests/trace/agreement_test.ts",
];

/** Runs `deno test` with these words. Returns its exit code. */
export async function runTests(...words: readonly string[]): Promise<number> {
  return await deno("test", "--parallel", ...MAY, ...words);
}

/** No test may leave a trace on the host: it is looked at before and after. */
export async function withSameHost(
  tests: () => Promise<number>,
): Promise<number> {
  const prepared = await deno("run", ...MAY, "tests/host/state.ts");
  const tested = await tests();
  const same = await deno("test", ...MAY, "tests/host/after.ts");
  return prepared || tested || same;
}

async function deno(...args: string[]): Promise<number> {
  // Tests wait for pings and for the kernel half of their time.
  const jobs = Deno.env.get("DENO_JOBS") ??
    `${2 * navigator.hardwareConcurrency}`;
  // They are the same however we are called.
  Deno.env.delete("LAB_CALL");
  Deno.env.delete("LAB_ON");
  const [program, ...words] = denoItself();
  const { code } = await new Deno.Command(program, {
    args: [...words, ...args],
    cwd: ROOT,
    env: { DENO_JOBS: jobs },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code;
}
