/** The check of the house goes red where something is amiss. */

import { assertEquals } from "@std/assert";
import { findings, type Imports } from "../../scripts/tasks/house.ts";

const found = (files: Record<string, string[]>) =>
  findings(new Map(Object.entries(files)) as Imports);

Deno.test("house: imports downward and beside are fine", () => {
  assertEquals(
    found({
      "scripts/tasks/a.ts": ["scripts/nat.ts", "vm/enter.ts", "deno.json"],
      "lib/net/a.ts": ["lib/net/firewall/b.ts", "lib/cli/c.ts", "@std/assert"],
    }),
    [],
  );
});

Deno.test("house: an import upward is named with both files", () => {
  assertEquals(
    found({ "lib/net/a.ts": ["lib/doctor/b.ts"], "vm/c.ts": ["scripts/d.ts"] }),
    [
      "lib/net/a.ts imports lib/doctor/b.ts, which stands above it.",
      "vm/c.ts imports scripts/d.ts, which stands above it.",
    ],
  );
});

Deno.test("house: what stands on no floor is named, and whoever imports it", () => {
  assertEquals(
    found({ "lib/attic/a.ts": [], "lib/net/b.ts": ["tests/throwaway.ts"] }),
    [
      "lib/attic/a.ts stands on no floor: name its folder.",
      "lib/net/b.ts imports tests/throwaway.ts, which is no part of the house.",
    ],
  );
});

Deno.test("house: a circle is named once, with all that is on it", () => {
  assertEquals(
    found({
      "lib/cli/a.ts": ["lib/cli/b.ts"],
      "lib/cli/b.ts": ["lib/cli/c.ts"],
      "lib/cli/c.ts": ["lib/cli/a.ts"],
    }),
    ["In a circle: lib/cli/a.ts -> lib/cli/b.ts -> lib/cli/c.ts -> lib/cli/a.ts."],
  );
});

Deno.test("house: the core takes no package but its two", () => {
  assertEquals(found({ "lib/cli/a.ts": ["npm:left-pad"] }), [
    "lib/cli/a.ts imports npm:left-pad: the core takes no other package.",
  ]);
});
