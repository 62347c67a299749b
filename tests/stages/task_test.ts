/** What `stage:X` does with its options, and with what is asked too early. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { throwaway } from "../throwaway.ts";

Deno.test("stage: --dry-run shows every command and runs none", async () => {
  await using lab = await throwaway();
  const { code, stdout } = await lab.task("stage:veth --dry-run");
  assertEquals(code, 0);
  assertEquals(stdout.match(/^ {2}\$ ip /gm)?.length, 8);
  const json = await lab.task("stage:veth --dry-run --json");
  assertEquals(JSON.parse(json.stdout).wouldRun.length, 8);
  assertEquals((await lab.run("ip netns list")).stdout.includes("ns1"), false);
});

Deno.test("stage: echoes each command with its comment and its real output", async () => {
  await using lab = await throwaway();
  const { stdout } = await lab.task("stage:forward");
  assertStringIncludes(
    stdout,
    "7 forward: the PC becomes a router\n" +
      "  # From now on a packet for somebody else is passed on by the routing\n" +
      "  # table, and its TTL is lowered by one.\n" +
      "  $ sysctl -w net.ipv4.ip_forward=1\n" +
      "  net.ipv4.ip_forward = 1\n",
  );
  assertMatch(stdout, /^✓ ns1 to 192\.168\.0\.2 {2}ok {2}ttl 64, [\d.]+ ms$/m);
  assertMatch(
    stdout,
    /^✓ ns1 to 8\.8\.8\.8 {6}unreachable {2}ping: connect: Network is unreachable$/m,
  );
  for (const line of stdout.split("\n")) {
    assertEquals(line.length > 80, false, `wider than 80: ${line}`);
  }
});

Deno.test("stage: the figure marks as new what this very command added", async () => {
  await using lab = await throwaway();
  const marked = async (line: string) =>
    (await lab.task(line)).stdout.match(/\+[● ]+[\w.-]+/g)
      ?.map((mark) => mark.replace(/^\+[● ]+/, "")) ?? [];
  await lab.task("stage:addr --quiet");
  assertEquals(await marked("stage:gateway"), [
    ...["default", "default", "forwarding"],
    "new",
  ]);
  assertEquals(await marked("stage:gateway"), []);
  assertEquals(await marked("stage:addr"), []);
  assertEquals(await marked("stage:gateway --undo"), []);
  await lab.run("ip link set dev br-veth1 nomaster");
  assertEquals(await marked("stage:forward"), ["br-veth1", "new"]);
});

Deno.test("stage: a card that was deleted and made anew is reached at its new MAC address", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  // With it goes rt-veth, whose MAC address ns1 has just learned.
  await lab.run("ip link del dev br-veth3");
  const { code, stdout } = await lab.task("stage:nat --quiet");
  assertEquals(code, 0, stdout);
});

Deno.test("stage: --only too early lets the kernel speak, and names the stage that comes first", async () => {
  await using lab = await throwaway();
  const { code, stderr } = await lab.task("stage:attach --only");
  assertEquals(code, 3);
  assertMatch(
    stderr,
    /^`ip link set dev ns-veth1 netns ns1`: .*Invalid "netns" value\.\nStage netns comes first: deno task stage:netns\n$/,
  );
});

Deno.test("stage: past it, says so, changes nothing and judges by where the lab is", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  const { code, stdout } = await lab.task("stage:addr");
  assertEquals(code, 0);
  assertStringIncludes(
    stdout,
    "The lab is past addr, at stage nat: nothing was changed.\n" +
      "To take it back to addr: deno task stage:addr --exactly\n",
  );
  assertMatch(stdout, /^✓ ns1 to 8\.8\.8\.8 {6}ok/m);

  const exactly = await lab.task("stage:addr --exactly --json");
  assertEquals(exactly.code, 0);
  const { ran, reach, stages } = JSON.parse(exactly.stdout);
  assertEquals(ran, [
    "iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
    "ip netns exec ns2 ip route del default via 192.168.0.100",
    "ip netns exec ns1 ip route del default via 192.168.0.100",
    "sysctl -w net.ipv4.ip_forward=0",
  ]);
  assertEquals(reach[1].verdict, "unreachable");
  assertEquals(
    stages.filter((each: { inPlace: boolean }) => each.inPlace).length,
    6,
  );
});

Deno.test("stage: undoes all the way to an empty lab, and mends a hole", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  await lab.run("ip link set dev br-veth1 nomaster");
  const mended = JSON.parse((await lab.task("stage:nat --json")).stdout);
  assertEquals(mended.ran, ["ip link set dev br-veth1 master br0"]);
  const { code, stdout } = await lab.task("stage:netns --undo");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "The lab is empty.");
  assertEquals(
    (await lab.run("ip netns list")).stdout.trim().split(" ")[0],
    "outside",
  );
  const again = await lab.task("stage:nat --quiet");
  assertEquals([again.code, again.stderr], [0, ""], again.stdout);
});

Deno.test("stage: the bare name that a killed `ip netns add` left goes first", async () => {
  await using lab = await throwaway();
  // ip opens the file with mode 0, see ipnetns.c of iproute2, and mounts later.
  await lab.exec(["sh", "-c", "umask 777 && : >/run/netns/ns1"]);
  const bare = await lab.run("ip netns exec ns1 true");
  assertStringIncludes(bare.stderr, "Invalid argument");
  const { code, stdout } = await lab.task("stage:addr");
  assertEquals(code, 0);
  assertStringIncludes(
    stdout,
    "1 netns: taken back\n  $ ip netns del ns1\n\n1 netns: two computers",
  );
  // A whole one is never taken for one.
  const again = await lab.task("stage:addr --json");
  assertEquals(JSON.parse(again.stdout).ran, []);
  await lab.run("ip netns del ns2");
  await lab.exec(["sh", "-c", "umask 777 && : >/run/netns/ns2"]);
  const undone = await lab.task("stage:bridge --undo --json");
  assertEquals(undone.code, 0);
  assertEquals(
    JSON.parse(undone.stdout).ran.includes("ip netns del ns2"),
    true,
  );
  const names = await lab.run("ip netns list");
  assertEquals(names.stdout.match(/^\S+/gm)?.sort(), ["ns1", "outside"]);
});

Deno.test("stage: a verdict that differs from the promise is exit code 1, and says both", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  await lab.run("iptables -P FORWARD DROP");
  const { code, stdout } = await lab.task("stage:nat");
  assertEquals(code, 1);
  assertMatch(stdout, /^✗ ns1 to 8\.8\.8\.8 {6}no-reply \(promised: ok\)/m);
  // The doctor says why.
  assertStringIncludes(stdout, "  Seen   $ iptables -S FORWARD\n");
  for (const line of stdout.split("\n")) assertEquals(line.length <= 80, true);
  const json = JSON.parse((await lab.task("stage:nat --json")).stdout);
  assertEquals(json.diagnosis.cause.code, "forward-policy-drop");
});

Deno.test("stage: what could not be checked is exit code 3, neither pass nor fail", async () => {
  await using lab = await throwaway();
  await lab.task("stage:addr --quiet");
  const { stdout: ping } = await lab.exec([
    "sh",
    "-c",
    'readlink -f "$(command -v ping)"',
  ]);
  await lab.run(`mount --bind /usr/bin/false ${ping.trim()}`);
  const { code, stdout } = await lab.task("stage:addr");
  assertEquals(code, 3);
  assertMatch(stdout, /^\? ns1 to 192\.168\.0\.2 {2}could-not-check/m);
});

Deno.test("stage: says in one sentence what is wrong with its words", async () => {
  await using lab = await throwaway();
  const cases = {
    "stage:nat --onli":
      'Unknown option --onli.\nDid you mean "--only"? Usage: deno task stage:nat [OPTIONS]\n',
    "stage:nat --only --undo":
      "--only and --undo do not go together.\nGive one of them.\n",
    "stage:nat now":
      'Unexpected word "now".\nUsage: deno task stage:nat [OPTIONS]\n',
    "read nut": 'Unknown stage "nut".\nDid you mean "nat"?\n',
  };
  for (const [line, words] of Object.entries(cases)) {
    assertEquals(await lab.task(line), { code: 2, stdout: "", stderr: words });
  }
  const help = await lab.task("stage:nat --help");
  assertEquals(help.code, 0);
  assertMatch(help.stdout, /--exactly/);
});
