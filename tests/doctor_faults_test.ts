/** Every fault, injected into a healthy lab in a sandbox of its own. */

import { assert, assertEquals } from "@std/assert";
import { type Fault, faults } from "./doctor_faults.ts";
import { consult, steps } from "./doctor_lab.ts";
import { throwaway } from "./throwaway.ts";

/** Programs that a fault takes, and that may not be installed. */
const PROGRAMS = ["nft", "tc", "iptables-legacy", "conntrack"];

/** Why a fault cannot be made on this machine; undefined where it can. */
async function obstacle(fault: Fault): Promise<string | undefined> {
  const text = `${fault.code} ${fault.break.join(" ")}`;
  for (const program of PROGRAMS) {
    if (!text.includes(program)) continue;
    const look = ["sh", "-c", `command -v ${program}`];
    if ((await machine.exec(look)).code !== 0) return `no ${program} here`;
  }
  if (!fault.needs) return undefined;
  const { code, stderr } = await machine.run(fault.needs);
  return code === 0 ? undefined : stderr.trim();
}

await using machine = await throwaway();
const obstacles = await Promise.all(faults.map(obstacle));

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
          });
          const [{ cause, further }, after] = seen;
          assertEquals(cause?.code, fault.code);
          assert(cause?.evidence.some(({ line }) => line !== ""), "evidence");
          if (fault.noFix) return;
          assertEquals([further, after?.cause, silent], [[], undefined, []]);
        },
      };
    }),
  );
});
