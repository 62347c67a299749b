/** A VM that was halted, or is gone: see tests/vm/run.sh. In this order. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../lib/command.ts";
import { findVm } from "../../vm/vagrant/state.ts";
import { hasVm, leftOut, type } from "./sides.ts";

if (!hasVm) leftOut("a VM that was halted or is gone");
else {
  Deno.test("vm: one that was halted is said to be, and how to start it", async () => {
    assertEquals((await run(["vagrant", "--no-tty", "halt"])).code, 0);
    for (
      const task of ["status", "stage:nat", "down", "test", "exec -- true"]
    ) {
      const { code, stdout, stderr } = await type(task);
      assertEquals([code, stdout], [3, ""], task);
      assertStringIncludes(stderr, "does not run (Vagrant says: shutoff).");
      assertStringIncludes(stderr, "\nStart it: vagrant up\n");
    }
  });

  Deno.test("vm: one that was destroyed behind Vagrant's back is said to be gone", async () => {
    const { code, stderr: words } = await run([
      "ruby",
      "-rlibvirt",
      "-e",
      'Libvirt.open("qemu:///system").lookup_domain_by_uuid(ARGV[0]).undefine',
      findVm()!.id,
    ]);
    assertEquals([code, words], [0, ""]);
    const { code: said, stderr } = await type("status");
    assertEquals(said, 3);
    assertStringIncludes(stderr, "The VM of this checkout is gone");
    assertStringIncludes(stderr, "Make a new one: vagrant up");
  });

  Deno.test("vm: once it is gone, tasks run in the sandbox again", async () => {
    const { code, stdout } = await type("status");
    assert([0, 3].includes(code));
    assertStringIncludes(stdout, "Machine: none yet");
  });
}
