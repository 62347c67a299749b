/** The host's own network, which nothing here may touch. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { hostState } from "./state.ts";
import { ROOT, throwaway } from "../throwaway.ts";

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

Deno.test("host: an address that is still asking whether it is free changes nothing", async () => {
  await using lab = await throwaway();
  const script = `${ROOT}tests/host/state.ts`;
  const print = [Deno.execPath(), "run", "--allow-all", script, "--print"];
  const state = async () => (await lab.exec(print)).stdout;
  await lab.run("ip addr add fd00::1/64 dev eth0");
  const before = await state();
  assertEquals((await lab.run("ip -6 addr show tentative")).stdout, "");
  assertStringIncludes(before, "fd00::1");
  assertEquals(await state(), before);
});
