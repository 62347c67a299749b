/** The host's own network, which nothing here may touch. */

import { assertEquals } from "@std/assert";
import { hostState } from "./state.ts";
import { throwaway } from "../throwaway.ts";

Deno.test("host: a lab built, looked at and taken down leaves no trace on it", async () => {
  const before = await hostState();
  {
    await using lab = await throwaway();
    await lab.task("stage:nat --quiet");
    await lab.type("stage:nat --quiet");
    await lab.type("status");
    await lab.type("down");
  }
  assertEquals(await hostState(), before);
});
