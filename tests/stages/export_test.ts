/** `deno task export`: the lab as one bash script. */

import { assertEquals, assertMatch } from "@std/assert";
import { comparable } from "./stage.ts";
import { throwaway } from "../throwaway.ts";

Deno.test("export: its script builds the same lab as the stages do", async () => {
  await using lab = await throwaway();
  const { code, stdout: script } = await lab.type("export");
  assertEquals(code, 0);
  await using plain = await throwaway();
  const { code: ran, stderr } = await plain.exec(["bash", "-s"], script);
  assertEquals([ran, stderr], [0, ""]);
  await lab.task("stage:nat --quiet");
  assertEquals(
    comparable(await plain.snapshot()),
    comparable(await lab.snapshot()),
  );
});

Deno.test("export: stops at the stage that was asked for, and names unknown ones", async () => {
  await using lab = await throwaway();
  const { stdout } = await lab.type("export bridge");
  assertEquals(stdout.match(/^ip .*/gm)?.length, 5);
  assertMatch(stdout, /^#!\/usr\/bin\/env bash\n/);
  const unknown = await lab.type("export brigde");
  assertEquals(unknown.code, 2);
  assertMatch(
    unknown.stderr,
    /Unknown stage "brigde"\.\nDid you mean "bridge"\?/,
  );
});
