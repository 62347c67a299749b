/** Labs and traces as the tests of the instruments need them. */

import { assertEquals } from "@std/assert";
import { steps } from "../../lib/course/stage.ts";
import type { TraceJson } from "../../lib/trace/trace_json.ts";
import { stages } from "../../scripts/mod.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";

/** A sandbox in which a stage's lab was built, and nothing was sent yet. */
export async function labAt(
  stage: string,
  ...changes: string[]
): Promise<Throwaway> {
  const lab = await throwaway();
  const upTo = stages.findIndex(({ name }) => name === stage) + 1;
  const lines = stages.slice(0, upTo).flatMap(steps)
    .map(({ command }) => command);
  await shell(lab, ...lines, ...changes);
  return lab;
}

/** Runs lines of shell in a sandbox; each has to go well. */
export async function shell(
  lab: Throwaway,
  ...lines: string[]
): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(
    ["sh", "-e"],
    lines.join("\n"),
  );
  assertEquals([code, stderr], [0, ""], lines.join("\n"));
  return stdout;
}

/** Traces a packet and checks the exit code against the verdict. */
export async function traced(
  lab: Throwaway,
  words = "",
): Promise<TraceJson> {
  const line = `trace --json --wait 0.3 ${words}`.trim();
  const { code, stdout, stderr } = await lab.task(line);
  assertEquals(stderr, "", line);
  const trace: TraceJson = JSON.parse(stdout);
  assertEquals(code, trace.verdict === "ok" ? 0 : 1, line);
  assertEquals(trace.lost, 0, line);
  return trace;
}

/** Where the packet was seen, and what was done to it, a line each. */
export function story({ events }: TraceJson): string[] {
  return events.map((event) => {
    switch (event.kind) {
      case "seen":
        return `${event.netns} ${event.link} ${event.direction} ` +
          `${event.src} > ${event.dst} ${event.ttl}` +
          (event.aside ? " (aside)" : "");
      case "action":
        return `  ${event.netns}: ${event.what}`;
      case "arp":
        return `  ARP: ${event.asker} asks for ${event.asked}`;
    }
  });
}

/** Where it died and of what, such as `PC br0 in: forwarding-off`. */
export function death({ cause }: TraceJson): string {
  if (!cause) return "alive";
  const { lastSeen, kind } = cause;
  return lastSeen
    ? `${lastSeen.netns} ${lastSeen.link} ${lastSeen.direction}: ${kind}`
    : `unsent: ${kind}`;
}

/** What the evidence shows, by command. */
export function evidence({ cause }: TraceJson): Record<string, string> {
  return Object.fromEntries(
    (cause?.evidence ?? []).map(({ command, shows }) => [command, shows]),
  );
}
