/** A healthy lab at every stage: the doctor finds nothing wrong with it. */

import { assertEquals } from "@std/assert";
import { stages } from "../../scripts/mod.ts";
import { consult, steps } from "./consult.ts";

Deno.test("doctor: at every stage it finds no fault, and says what is not built yet", async (t) => {
  await steps(
    t,
    stages.map(({ name }, i) => ({
      name,
      async fn() {
        const { seen: [said] } = await consult({ break: [], stages: i + 1 });
        const later = stages.slice(i + 1).map(({ name }) => name);
        assertEquals(said.notBuilt, later);
        assertEquals([said.further, said.doubtful], [[], []]);
        // The cause, if there is one, is a stage that is yet to come.
        const by = said.cause?.stage;
        assertEquals(later.length > 0, by !== undefined && later.includes(by));
      },
    })),
  );
});
