/** Every fault, injected into a healthy lab in a sandbox of its own. */

import { assert, assertEquals } from "@std/assert";
import { faults } from "./doctor_faults.ts";
import { consult, steps } from "./doctor_lab.ts";
import { throwaway } from "./throwaway.ts";

/** What this kernel cannot do, by the command that shows it. */
const cannot = new Map<string, string>();
await using machine = await throwaway();
for (const { needs } of faults) {
  const { code, stderr } = await machine.run(needs ?? "true");
  if (code !== 0) cannot.set(needs!, stderr.trim());
}

Deno.test("doctor: names each fault by its code, and its fix heals it", async (t) => {
  await steps(
    t,
    faults.map((fault) => {
      const words = cannot.get(fault.needs ?? "");
      return {
        name: `${fault.code}: ${fault.name}${words ? ` (${words})` : ""}`,
        ignore: words !== undefined,
        async fn() {
          const said = await consult({ break: fault.break, wish: fault.wish });
          const [{ cause }, last] = said;
          assertEquals(
            said.map(({ cause }) => cause?.code ?? "healthy"),
            fault.noFix ? [fault.code] : [fault.code, "healthy"],
          );
          assert(cause?.evidence.some(({ line }) => line !== ""), "evidence");
          if (fault.noFix) return;
          const verdicts = last.probes.map(({ verdict }) => verdict);
          assertEquals(new Set(verdicts), new Set(["ok"]));
        },
      };
    }),
  );
});
