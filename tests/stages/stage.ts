/** What every stage is held to, whatever it does. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { holds } from "../../lib/course/facts.ts";
import type { Address } from "../../lib/net/namespace.ts";
import type { Snapshot } from "../../lib/net/snapshot.ts";
import type { Stage, Verdict } from "../../lib/course/stage.ts";
import { stages } from "../../scripts/mod.ts";
import { throwaway } from "../throwaway.ts";

/**
 * Registers the tests of a stage, against the real kernel.
 *
 * @param reach what ns1 reaches afterwards, written by hand: ns2, 8.8.8.8.
 */
export function provesStage(stage: Stage, ...reach: [Verdict, Verdict]): void {
  const { name } = stage;
  const at = stages.indexOf(stage);
  const before = stages[at - 1];

  Deno.test(`${name}: proves what works and what does not yet`, async () => {
    await using lab = await throwaway();
    const first = await lab.task(`stage:${name} --json`);
    assertEquals([first.code, first.stderr], [0, ""]);
    const report = JSON.parse(first.stdout);
    assertEquals(
      report.reach.map((each: { verdict: string }) => each.verdict),
      reach,
    );
    assertEquals(
      report.stages.map((each: { inPlace: boolean }) => each.inPlace),
      stages.map((_, i) => i <= at),
      "stages in place",
    );

    const snapshot = await lab.snapshot();
    for (const fact of stage.facts) {
      assert(holds(fact, snapshot), JSON.stringify(fact));
    }
    for (const { command, shows } of stage.look) {
      const { stdout } = await lab.run(command);
      assertStringIncludes(stdout.replaceAll(/\s+/g, " "), shows, command);
    }
  });

  Deno.test(`${name}: changes nothing the second time, and undo takes it back`, async () => {
    await using lab = await throwaway();
    if (before) await lab.task(`stage:${before.name} --quiet`);
    const earlier = comparable(await lab.snapshot());
    await lab.task(`stage:${name} --quiet`);
    const once = comparable(await lab.snapshot());
    assert(JSON.stringify(once) !== JSON.stringify(earlier), "has no effect");

    const again = JSON.parse((await lab.task(`stage:${name} --json`)).stdout);
    assertEquals(again.ran, []);
    assertEquals(comparable(await lab.snapshot()), once);

    const undo = JSON.parse(
      (await lab.task(`stage:${name} --undo --json`)).stdout,
    );
    assertEquals(undo.ran, stage.undo);
    assertEquals(comparable(await lab.snapshot()), earlier);
  });
}

/**
 * A snapshot without what differs from one making to the next: numbers that
 * the kernel gives, IPv6 addresses and operational states that come by
 * themselves in their own time, and tables in which nothing is (iptables leaves them behind).
 */
export function comparable(snapshot: Snapshot): Snapshot {
  const changing = ("index peerIndex peerNetnsid mac state carrier queue " +
    "neighbours").split(" ");
  const rules = Object.entries(snapshot.rules)
    .filter(([, lines]) => lines.some((line) => !/^-P \w+ ACCEPT$/.test(line)));
  return JSON.parse(JSON.stringify(
    { ...snapshot, rules: Object.fromEntries(rules) },
    (key, value) => {
      if (changing.includes(key)) return undefined;
      if (key !== "addresses6") return value;
      return value.filter(({ local }: Address) => !local.startsWith("fe80:"));
    },
  ));
}
