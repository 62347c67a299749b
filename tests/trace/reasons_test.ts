import { assertEquals } from "@std/assert";
import { type Combination, REASONS } from "../../lib/trace/reasons.ts";
import { story } from "./traced.ts";

/** Runs the task as a user does, from outside of every machine. */
async function reasons(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "reasons", ...args],
    cwd: new URL("../..", import.meta.url).pathname,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("reasons: only forwarding, gateway and NAT together bring an answer", async () => {
  const { code, stdout } = await reasons("--json");
  assertEquals(code, 0);
  const { proved, combinations } = JSON.parse(stdout);
  assertEquals(proved, true);
  const found = new Map<string, Combination>(
    combinations.map((each: Combination) => [
      REASONS.filter((reason) => each.has[reason]).join(" "),
      each,
    ]),
  );
  assertEquals(found.size, 8);
  const verdict = (has: string) => {
    const { verdict, cause, diedAt, outside } = found.get(has)!;
    return [verdict, cause, diedAt, ...outside];
  };

  // Without a gateway ns1 sends nothing at all.
  for (const has of ["", "forward", "nat", "forward nat"]) {
    assertEquals(verdict(has), ["unreachable", "no-route", "ns1"], has);
    assertEquals(story(found.get(has)!.trace), [], has);
  }
  // With one, the packet gets as far as the router; and no farther.
  for (const has of ["gateway", "gateway nat"]) {
    assertEquals(verdict(has), ["no-reply", "forwarding-off", "PC br0"], has);
    assertEquals(
      story(found.get(has)!.trace).at(-1),
      "PC br0 in 192.168.0.1 > 8.8.8.8 64",
    );
  }
  // Forwarded, it gets out, with a sender whom nobody can answer.
  assertEquals(verdict("forward gateway"), [
    ...["no-reply", "no-nat", "outside isp0"],
    "192.168.0.1",
  ]);
  // Rewritten, it is answered.
  assertEquals(verdict("forward gateway nat"), [
    ...["ok", null, null],
    "203.0.113.2",
  ]);
  assertEquals(
    story(found.get("forward gateway nat")!.trace).at(-1),
    "ns1 ns-veth1 in 8.8.8.8 > 192.168.0.1 63",
  );
});
