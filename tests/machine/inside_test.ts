/** Tasks that are typed inside of a sandbox: they mean that one. */

import { assertEquals, assertMatch } from "@std/assert";
import type { Result } from "../../lib/cli/command.ts";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

/** Types `./lab …` in a shell in the sandbox, or in a namespace of it. */
function typeInside(
  pc: Throwaway,
  netns: string,
  line: string,
): Promise<Result> {
  const where = netns ? `ip netns exec ${netns} ` : "";
  return pc.type(`exec -- ${where}${ROOT}lab ${line}`);
}

Deno.test("inside: a task means the sandbox that it is typed in, also in a namespace of it", async () => {
  await using pc = await throwaway();
  await pc.type("stage:addr --quiet");
  const first = /^Machine: sandbox "default", uplink eth0\n/;
  for (const netns of ["", "ns1", "outside"]) {
    for (const line of ["status", "stage:forward", "status --on here"]) {
      const { code, stdout, stderr } = await typeInside(pc, netns, line);
      assertEquals([code, stderr], [0, ""], `${netns}: ${line}`);
      assertMatch(stdout, first, `${netns}: ${line}`);
    }
    const { stdout } = await typeInside(pc, netns, "exec -- hostname");
    assertEquals(stdout, "pc\n");
  }
  // Nothing was built in ns1, and all of it in the PC.
  assertMatch((await pc.type("status")).stdout, /^✓ 7 forward/m);
  const links = await pc.type("exec -- ip netns exec ns1 ip -brief link");
  assertEquals(links.stdout.trim().split("\n").length, 2);
});

Deno.test("inside: there is no way to another machine, and down ends this one", async () => {
  await using pc = await throwaway();
  await pc.type("stage:netns --quiet");
  for (
    const line of [
      "stage:netns --name other",
      "status --on vm",
      "down --name b",
    ]
  ) {
    const { code, stderr } = await typeInside(pc, "ns1", line);
    assertEquals(code, 2, line);
    assertMatch(
      stderr,
      /^You are inside the sandbox "default", and cannot get to .*\.\nLeave it first \(exit\)/,
    );
  }
  const list = await typeInside(pc, "ns1", "list --json");
  assertEquals(JSON.parse(list.stdout), {
    sandboxes: [{ name: "default", pid: null }],
  });
  const { stdout } = await typeInside(pc, "ns1", "down");
  assertEquals(stdout, 'Ending the sandbox "default", and us in it.\n');
  assertEquals(JSON.parse((await pc.type("list --json")).stdout), {
    sandboxes: [],
  });
});
