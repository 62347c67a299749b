/** Chapter publish: each rule serves its own visitors, and nobody else's. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Outcome } from "../../lib/course/chapter.ts";
import { judgeHttp } from "../../lib/reach/chapter_probe.ts";
import { publish } from "../../scripts/beyond/publish.ts";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

/** Asks all four, and also ns1 itself. */
async function ask(lab: Throwaway): Promise<Record<string, Outcome>> {
  const commands = publish.probes.map(({ from, to, command }) => ({
    who: to.startsWith("127.") ? "lo" : from,
    command,
  }));
  const asNs2 = commands.find(({ who }) => who === "ns2")!.command;
  commands.push({ who: "ns1", command: asNs2.replace("ns2", "ns1") });
  const answers = await Promise.all(commands.map(async ({ who, command }) => {
    const words = command.replace("deno", Deno.execPath())
      .replace("scripts/", `${ROOT}scripts/`);
    return [who, judgeHttp(await lab.run(words)).verdict] as const;
  }));
  return Object.fromEntries(answers);
}

const ALL: Record<string, Outcome> = {
  outside: "ok",
  "the PC": "ok",
  lo: "ok",
  ns2: "ok",
  ns1: "ok",
};

/** What each command, left out, changes. */
const LEFT_OUT: [string, Record<string, Outcome>][] = [
  ["PREROUTING", { outside: "refused", ns2: "refused", ns1: "refused" }],
  ["OUTPUT", { "the PC": "refused", lo: "refused" }],
  ["127.0.0.0/8", { lo: "no-reply" }],
  ["--dport 80 -j MASQUERADE", { ns2: "no-reply", ns1: "no-reply" }],
];

Deno.test("publish: each rule left out shuts out its own visitors alone", async () => {
  await using lab = await throwaway();
  await lab.task("beyond:publish");
  assertEquals(await ask(lab), ALL);
  for (const [words, changed] of LEFT_OUT) {
    const rule = publish.commands.find((line) => line.includes(words))!;
    await lab.run(rule.replace(" -A ", " -D "));
    assertEquals(await ask(lab), { ...ALL, ...changed }, `without ${words}`);
    await lab.run(rule);
  }
  await lab.run("sysctl -w net.ipv4.conf.br0.route_localnet=0");
  const { lo, ...others } = await ask(lab);
  const { lo: _, ...rest } = ALL;
  assertEquals(others, rest);
  assertEquals(lo === "ok", false, "127.0.0.1 needs route_localnet");
});

Deno.test("publish: the server sees outside's own address, and else the PC's", async () => {
  await using lab = await throwaway();
  const { stdout } = await lab.task("beyond:publish");
  assertStringIncludes(stdout, "ok  Hello 203.0.113.1\n");
  assertStringIncludes(stdout, "ok  Hello 203.0.113.2\n");
  assertEquals(stdout.match(/Hello 192\.168\.0\.100$/gm)?.length, 2);
});
