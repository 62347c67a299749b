/** The throwaway sandbox as tests need it: one a test, gone with the test. */

import { assertEquals } from "@std/assert";
import type { Snapshot } from "../lib/snapshot.ts";
import type { Machine } from "../lib/task.ts";
import { throwaway as makeThrowaway } from "../vm/throwaway.ts";
import type { Throwaway as Bare } from "../vm/throwaway.ts";

/** A sandbox that lives for one test. */
export interface Throwaway extends Bare {
  /** The kernel's state. */
  snapshot(): Promise<Snapshot>;
}

/** Makes one, see vm/throwaway.ts. */
export async function throwaway(kind?: Machine["kind"]): Promise<Throwaway> {
  const lab = await makeThrowaway(kind);
  return {
    ...lab,
    async snapshot() {
      const { code, stdout, stderr } = await lab.script(
        "tests/print_snapshot.ts",
      );
      assertEquals([code, stderr], [0, ""], "print_snapshot.ts");
      return JSON.parse(stdout);
    },
  };
}
