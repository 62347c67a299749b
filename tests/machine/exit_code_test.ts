/** What an exit code of a script that we started means. */

import { assertEquals, assertThrows } from "@std/assert";
import { Problem } from "../../lib/cli/problem.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { exitCodes, exitEnv, meantCode } from "../../vm/pass_code_on.ts";

const nowhere: Machine = { kind: "none", name: "", pid: null, isNew: false };
const sandbox: Machine = { ...nowhere, kind: "sandbox", name: "default" };

Deno.test("exit code: whoever asks is told other numbers for 0 and 1, once", () => {
  assertEquals([0, 1, 2, 3].map(exitCodes()), [0, 1, 2, 3]);
  Object.entries(exitEnv).forEach(([name, value]) => Deno.env.set(name, value));
  const told = [0, 1, 2, 3].map(exitCodes());
  assertEquals(told.map((code) => meantCode(code, sandbox)), [0, 1, 2, 3]);
  assertEquals(exitCodes()(1), 1);
});

Deno.test("exit code: what Deno itself fails at, and what was killed, is never a verdict", () => {
  for (const machine of [nowhere, sandbox]) {
    const failing: [number, string][] = [
      [0, "Cannot tell whether the task"],
      [1, "Cannot start the task"],
      [126, "Cannot start the task"],
      [127, "Cannot start the task"],
      [133, "was killed: signal 5."],
      [137, "was killed: signal 9."],
    ];
    for (const [code, words] of failing) {
      const problem = assertThrows(() => meantCode(code, machine), Problem);
      assertEquals(problem.exit, 3);
      assertEquals(problem.message.includes(words), true, problem.message);
    }
    for (const code of [2, 3, 129, 130, 143]) {
      assertEquals(meantCode(code, machine), code);
    }
  }
});
