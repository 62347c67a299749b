/** Tests of the throwaway sandbox itself. */

import { assertEquals } from "@std/assert";
import { throwaway } from "../throwaway.ts";

Deno.test("throwaway: is a PC with an uplink, and nothing of the lab", async () => {
  await using lab = await throwaway();
  const { machine, named, uplink } = await lab.snapshot();
  assertEquals(machine.links.map(({ name }) => name), ["lo", "eth0"]);
  assertEquals(named.map(({ name }) => name), ["outside"]);
  assertEquals(uplink, "eth0");
});

Deno.test("throwaway: dies with the pipe that holds it", async () => {
  const lab = await throwaway();
  await lab[Symbol.asyncDispose]();
  assertEquals((await lab.run("true")).code, 1);
});
