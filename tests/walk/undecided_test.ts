/** The documents tell all that the walk calls undecided, and nothing else. */

import { assertEquals } from "@std/assert";
import { UNDECIDED } from "../../lib/walk/undecided.ts";

Deno.test("walk: the documents list what cannot be foretold", async () => {
  const text = await Deno.readTextFile(
    new URL("../../docs/walk.md", import.meta.url),
  );
  const rows = [...text.matchAll(/^\| `([\w-]+)` +\| (.*?) *\|$/gm)]
    .map(([_, name, what]) => [name, what]);
  assertEquals(Object.fromEntries(rows), { ...UNDECIDED });
});
