/** Every fault, injected into a healthy lab in a sandbox of its own. */

import { mainFinding } from "../../lib/doctor/worth_knowing.ts";
import { assert, assertEquals } from "@std/assert";
import { faults } from "./faults.ts";
import { consult, steps } from "./consult.ts";
import { obstaclesOf } from "./obstacle.ts";

const obstacles = await obstaclesOf(faults);

Deno.test("doctor: names each fault by its code, and its fix heals it", async (t) => {
  await steps(
    t,
    faults.map((fault, i) => {
      const words = obstacles[i];
      return {
        name: `${fault.code}: ${fault.name}${words ? ` (${words})` : ""}`,
        ignore: words !== undefined,
        async fn() {
          const { seen, silent } = await consult({
            break: fault.break,
            wish: fault.wish,
            fixes: 1,
            heals: !fault.noFix,
          });
          const [first, after] = seen;
          const [cause, { further }] = [mainFinding(first), first];
          const left = after && mainFinding(after);
          assertEquals(cause?.code, fault.code);
          assert(cause?.evidence.some(({ line }) => line !== ""), "evidence");
          if (fault.noFix) return;
          assertEquals([further, left, silent], [[], undefined, []]);
        },
      };
    }),
  );
});
