/** Two faults at once: the doctor names one, and after its fix the other. */

import { mainFinding } from "../../lib/doctor/worth_knowing.ts";
import { assert, assertEquals } from "@std/assert";
import { faults } from "./faults.ts";
import { consult, steps } from "./consult.ts";
import { obstaclesOf } from "./obstacle.ts";

const NEAR = [
  "ns1's cable is pulled from the bridge",
  "the host end of ns1's cable is down",
  "ns1's own end is down",
  "ns1's default route leads to nobody",
  "nobody has the gateway's address",
];

const FAR = [
  "the machine forwards nothing",
  "the machine has no default route",
  "the uplink is down",
  "FORWARD drops",
  "the legacy iptables drops by a rule",
  "a rule of nftables drops",
  "the rule is for another uplink",
  "the rule is there twice",
];

const named = (name: string) => {
  const fault = faults.find((each) => each.name === name);
  assert(fault, name);
  return fault;
};

Deno.test("doctor: of two faults it names one, and after its fix the other", async (t) => {
  const pairs = NEAR.flatMap((near) =>
    FAR.map((far) => [named(near), named(far)] as const)
  );
  const obstacles = await obstaclesOf(pairs.map(([, far]) => far));
  await steps(
    t,
    pairs.map(([near, far], i) => ({
      name: `${near.code} and ${far.code}: ${near.name}, ${far.name}${
        obstacles[i] ? ` (${obstacles[i]})` : ""
      }`,
      ignore: obstacles[i] !== undefined,
      async fn() {
        const { seen, silent } = await consult({
          break: [...near.break, ...far.break],
          wish: { ...near.wish, ...far.wish },
          fixes: 2,
          heals: true,
        });
        const codes = seen.slice(0, 2).map((each) =>
          `${mainFinding(each)?.code}`
        );
        assertEquals(codes.toSorted(), [near.code, far.code].toSorted());
        assertEquals(silent, []);
      },
    })),
  );
});
