/** A VM that was halted, or is gone: see tests/vm/run.sh. In this order. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { hasVm, leftOut, type } from "./sides.ts";

if (!hasVm) leftOut("a VM that was halted or is gone");
else {
  Deno.test("vm: one that was halted is said to be, and how to start it", async () => {
    assertEquals((await run(["vagrant", "--no-tty", "halt"])).code, 0);
    for (const task of ["stage:nat", "down", "test"]) {
      const { code, stdout, stderr } = await type(task);
      assertEquals([code, stdout], [3, ""], task);
      assertStringIncludes(stderr, "does not run (Vagrant says: shutoff).");
      assertStringIncludes(stderr, "\nStart it: vagrant up\n");
    }
  });

  Deno.test("vm: vagrant destroy removes it, and tasks run in the sandbox again", async () => {
    const destroy = ["vagrant", "--no-tty", "destroy", "--force"];
    assertEquals((await run(destroy)).code, 0);
    const { code, stdout } = await type("status");
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Machine: none yet");
  });

  Deno.test("vm: one that went behind Vagrant's back is said to be gone", async () => {
    // What Vagrant still believes then.
    const folder = Deno.env.get("VAGRANT_DOTFILE_PATH");
    const id = `${folder}/machines/default/libvirt/id`;
    await Deno.writeTextFile(id, crypto.randomUUID());
    const { code, stderr } = await type("status");
    assertEquals(code, 3);
    assertStringIncludes(stderr, "The VM of this checkout is gone");
    assertStringIncludes(stderr, "Make a new one: vagrant up");
  });
}
