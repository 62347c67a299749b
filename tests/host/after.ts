/**
 * The last test of the suite: holds the host against what `state.ts` wrote
 * down before the first one. `deno task test` runs both.
 */

import { assertEquals } from "@std/assert";
import { BEFORE, hostState } from "./state.ts";

Deno.test("host: its network is the same before and after all tests", async () => {
  const before = JSON.parse(await Deno.readTextFile(BEFORE));
  assertEquals(await hostState(), before);
});
