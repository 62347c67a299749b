/** `deno task status`: where a lab is, and who reaches whom. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { throwaway } from "../throwaway.ts";

Deno.test("status: shows the stages, who reaches whom with reasons, and what is next", async () => {
  await using lab = await throwaway();
  await lab.task("stage:gateway --quiet");
  const { code, stdout } = await lab.task("status");
  assertEquals(code, 0);
  assertMatch(stdout, /^✓ 8 gateway/m);
  assertMatch(stdout, /^· 9 nat/m);
  assertStringIncludes(
    stdout,
    [
      "         to ns1          to ns2          to PC           to 8.8.8.8",
      "ns1      -               ok              ok              no-reply",
      "ns2      ok              -               ok              no-reply",
      "PC       ok              ok              -               ok",
      "  no-reply: sent, and nothing came back\n",
    ].join("\n"),
  );
  assertMatch(stdout, /^Next: deno task stage:nat$/m);
});

Deno.test("status --json: has the machine, the stages and the answers", async () => {
  await using pc = await throwaway();
  await pc.type("stage:addr --quiet");
  const { code, stdout } = await pc.type("status --json");
  assertEquals(code, 0);
  const { machine, stages, reach, matrix } = JSON.parse(stdout);
  assertEquals(
    [machine.kind, machine.name, machine.uplink],
    ["sandbox", "default", "eth0"],
  );
  assertMatch(
    (await pc.run(`ps -o args= -p ${machine.pid}`)).stdout,
    /sandbox\/holder\.sh/,
  );
  assertEquals(stages[5], { name: "addr", inPlace: true });
  assertEquals(stages[6], { name: "forward", inPlace: false });
  assertEquals(
    reach.map((
      { from, to, verdict }: Record<string, string>,
    ) => [from, to, verdict]),
    [["ns1", "192.168.0.2", "ok"], ["ns1", "8.8.8.8", "unreachable"]],
  );
  assertEquals(matrix.length, 9);
});

Deno.test("status: mends nothing, and says which stage has a hole", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  await lab.run("ip link set dev br-veth2 nomaster");
  const { stdout } = await lab.task("status");
  assertMatch(stdout, /^· 4 attach/m);
  assertMatch(stdout, /^✗ The cable of ns2 is not plugged in: br-veth2 /m);
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
  assertMatch(stdout, /^Stage attach is missing or half in place\.$/m);
  assertEquals(
    (await lab.run("ip link show master br0")).stdout.includes("br-veth2"),
    false,
  );
});

Deno.test("status: shows also what is left of a lab without a namespace", async () => {
  await using lab = await throwaway();
  await lab.run(
    "iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
  );
  const { code, stdout, stderr } = await lab.task("status");
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^✓ 9 nat/m);
  assertMatch(stdout, /^Next: deno task stage:netns$/m);
});

Deno.test("status and stage: say complete only of a lab that keeps its promises", async () => {
  await using lab = await throwaway();
  const built = await lab.task("stage:nat");
  assertMatch(built.stdout, /^The lab is complete\.$/m);
  assertMatch((await lab.task("status")).stdout, /^The lab is complete\.$/m);

  await lab.run("iptables -P FORWARD DROP");
  for (const task of ["status", "stage:nat"]) {
    const { code, stdout } = await lab.task(task);
    assertEquals(code, 1);
    assert(!/complete/.test(stdout), stdout);
    assertMatch(
      stdout,
      /^All stages are in place, but not as promised: ns1 to 8\.8\.8\.8\.$/m,
    );
    assertMatch(stdout, /^Look into it: deno task doctor$/m);
  }
  await lab.run("iptables -P FORWARD ACCEPT");

  const { stdout: ping } = await lab.exec([
    "sh",
    "-c",
    'readlink -f "$(command -v ping)"',
  ]);
  await lab.run(`mount --bind /usr/bin/false ${ping.trim()}`);
  for (const task of ["status", "stage:nat"]) {
    const { code, stdout } = await lab.task(task);
    assertEquals(code, 3);
    assertMatch(
      stdout,
      /^All stages are in place; not checked: ns1 to 192\.168\.0\.2, ns1 to 8\.8\.8\.8\.$/m,
    );
  }
});
