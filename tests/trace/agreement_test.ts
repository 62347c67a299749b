/**
 * Every known fault, confirmed by a real packet and sent through both
 * instruments: the doctor and the trace give it the name of the catalogue.
 */

import { mainFinding } from "../../lib/doctor/worth_knowing.ts";
import { assert, assertEquals } from "@std/assert";
import { consult, steps } from "../doctor/consult.ts";
import { faults } from "../doctor/faults.ts";
import { obstaclesOf } from "../doctor/obstacle.ts";
import { throwaway } from "../throwaway.ts";
import { story, traced } from "./traced.ts";

/** Faults of which a trace says nothing, and why. */
const EXCEPTIONS: Record<string, string> = {
  "an empty file in the place of ns1": "there is nowhere to send from",
  "ns1 is deleted": "there is nowhere to send from",
  "ns1 is deleted, a process keeps its network alive":
    "there is nowhere to send from",
  "a rule drops by chance":
    "the trace sees the rule's counter rise: it is sure",
};

const obstacles = await obstaclesOf(faults);

Deno.test("trace and doctor: both name each fault as the catalogue does", async (t) => {
  await steps(
    t,
    faults.map((fault, i) => ({
      name: `${fault.code}: ${fault.name}`,
      ignore: obstacles[i] !== undefined || fault.name in EXCEPTIONS,
      async fn() {
        await using lab = await throwaway();
        const { seen: [said] } = await consult(
          { break: fault.break, wish: fault.wish },
          lab,
        );
        const [cause, { questions }] = [mainFinding(said), said];
        assertEquals(cause?.code, fault.code, "doctor");
        let deaths = 0;
        // Of what it breaks two questions, else all.
        const asked = cause?.breaks.length
          ? cause.breaks.slice(0, 2)
          : questions;
        for (const { from, to } of asked) {
          const trace = await traced(lab, `${from} ${to}`);
          const { verdict, cause: death } = trace;
          // What is wrong without being in the way kills no packet; and who
          // answers an ARP question first may differ from ping to ping.
          if (verdict === "ok") continue;
          deaths++;
          assertEquals(
            [from, to, death?.code],
            [from, to, fault.code],
            [death?.sentence, ...story(trace)].join("\n"),
          );
        }
        if (cause?.breaks.length) assert(deaths > 0, "no packet died");
      },
    })),
    6,
  );
});
