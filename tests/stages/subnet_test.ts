/** Tests of `--subnet`, and of uplinks that are not called eth0. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { adapt } from "../../lib/course/adapt.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import {
  addressIn,
  overlap,
  parseSubnet,
  readPrefix,
} from "../../lib/course/subnet.ts";
import { stages } from "../../scripts/mod.ts";
import { throwaway } from "../throwaway.ts";

Deno.test("parseSubnet: takes what holds the addresses .1, .2 and .100", () => {
  for (
    const text of [
      "10.77.0.0/24",
      "172.16.0.0/12",
      "10.77.0.0/25",
      "10.0.0.0/8",
      "100.64.7.0/24",
      "198.18.0.0/24",
      "198.51.100.0/24",
    ]
  ) {
    const subnet = parseSubnet(text);
    assertEquals(subnet.text, text);
    assertEquals(
      overlap(subnet, readPrefix(addressIn(subnet, 100))!),
      true,
      text,
    );
  }
  assertEquals(addressIn(parseSubnet("10.77.3.0/24"), 2), "10.77.3.2");
});

Deno.test("parseSubnet: says in one sentence what is wrong, with exit code 2", () => {
  const wrong: [string, RegExp][] = [
    ["lab", /"lab" as the lab's subnet: it is no IPv4 network\.$/],
    ["10.77.0.0", /it is no IPv4 network/],
    ["10.77.0/24", /it is no IPv4 network/],
    ["10.77.0.256/24", /it is no IPv4 network/],
    ["10.77.0.0/33", /it is no IPv4 network/],
    ["-1.0.0.0/8", /it is no IPv4 network/],
    ["fd00::/64", /the lab is made with IPv4/],
    ["10.77.0.1/24", /it is an address in 10\.77\.0\.0\/24/],
    [
      "10.77.0.0/26",
      /must hold the addresses that end with \.1, \.2 and \.100/,
    ],
    ["10.77.0.128/25", /must hold the addresses/],
    ["10.77.0.0/30", /must hold the addresses/],
    ["0.0.0.0/0", /larger than any private network/],
    ["127.0.0.0/24", /127\.0\.0\.0\/8 is the computer itself/],
    ["224.0.0.0/24", /is not for computers/],
    ["8.8.8.0/24", /8\.8\.8\.8 is whom the lab asks/],
    ["1.1.1.0/24", /it is somebody's in the internet/],
    ["172.0.0.0/8", /it is somebody's in the internet/],
    ["172.32.0.0/16", /it is somebody's in the internet/],
    ["169.254.169.0/24", /169\.254\.0\.0\/16 is for what a cable alone/],
  ];
  for (const [text, says] of wrong) {
    const problem = assertThrows(() => parseSubnet(text), Problem);
    assertMatch(problem.message, says);
    assertEquals(problem.exit, EXIT.usage, text);
  }
});

Deno.test("adapt: changes all addresses and the uplink, and nothing where nothing differs", () => {
  assertEquals(adapt(stages, { uplink: "eth0" }), stages);
  const subnet = parseSubnet("10.77.0.0/16");
  const text = JSON.stringify(adapt(stages, { uplink: "ens3$&", subnet }));
  assertEquals(text.match(/192\.168|eth0\b/g), null);
  for (
    const part of [
      "addr add 10.77.0.1/16 dev ns-veth1",
      "default via 10.77.0.100",
      "-s 10.77.0.0/16 -o ens3$& -j MASQUERADE",
      "10.77.0.0/16 dev ns-veth1",
    ]
  ) assertEquals(text.includes(part), true, part);
});

Deno.test("--subnet: the whole lab moves, and remembers it", async () => {
  await using lab = await throwaway();
  const first = await lab.task("stage:netns --subnet 10.77.0.0/24");
  assertEquals(first.code, 0, first.stderr);
  const nat = await lab.task("stage:nat");
  assertEquals([nat.code, nat.stderr], [0, ""]);
  assertMatch(
    nat.stdout,
    /^The pages say 192\.168\.0\.0\/24; the commands below say 10\.77\.0\.0\/24\.$/m,
  );
  assertMatch(nat.stdout, /\$ ip addr add 10\.77\.0\.100\/24 dev rt-veth$/m);
  assertMatch(nat.stdout, /-s 10\.77\.0\.0\/24 -o eth0 -j MASQUERADE$/m);
  assertMatch(nat.stdout, /✓ ns1 to 10\.77\.0\.2 .*ok/);
  const { code, stdout } = await lab.task("status");
  assertEquals(code, 0);
  assertMatch(stdout, /✓ ns1 to 10\.77\.0\.2 .*ok/);

  // With addresses in place it stays where it is.
  const moved = await lab.task("stage:nat --subnet 10.78.0.0/24");
  assertEquals(moved.code, 3);
  assertMatch(
    moved.stderr,
    /^The lab is on 10\.77\.0\.0\/24: it cannot be moved to 10\.78\.0\.0\/24/,
  );
  assertEquals((await lab.task("stage:up --exactly --quiet")).code, 0);
  const free = await lab.task("stage:addr --quiet --subnet 10.78.0.0/24");
  assertEquals(free.code, 0, free.stderr);
});

Deno.test("--subnet: refuses what the machine itself is on, or what is no subnet", async () => {
  await using lab = await throwaway();
  const taken = await lab.task("stage:addr --subnet 203.0.113.0/24");
  assertEquals([taken.code, taken.stdout], [3, ""]);
  assertMatch(
    taken.stderr,
    /taken on this machine: eth0 has 203\.0\.113\.2\/24/,
  );
  const wrong = await lab.task("stage:addr --subnet 10.77.0.5/24");
  assertEquals(
    [wrong.code, wrong.stdout, wrong.stderr],
    [
      2,
      "",
      `Cannot use "10.77.0.5/24" as the lab's subnet: it is an address in 10.77.0.0/24.\nTry --subnet 10.77.0.0/24.\n`,
    ],
  );
  assertEquals((await lab.snapshot()).named.length, 1, "nothing was made");
});

Deno.test("--subnet: also a new sandbox has a network of its own", async () => {
  await using pc = await throwaway();
  const { code, stderr } = await pc.type(
    "stage:nat --on sandbox --subnet 203.0.113.0/24",
  );
  assertEquals(code, 3);
  assertMatch(stderr, /is taken on this machine: eth0 has 203\.0\.113\.2\/24/);
});

Deno.test("uplink: found by the default route, whatever its name", async () => {
  await using lab = await throwaway();
  await lab.exec([
    "sh",
    "-ec",
    "ip link set eth0 down; ip link set eth0 name ens3; ip link set ens3 up; ip route add default via 203.0.113.1",
  ]);
  const { code, stdout, stderr } = await lab.task("stage:nat");
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /uplink ens3\nThe pages say eth0; the commands below say ens3\.\n/,
  );
  assertMatch(stdout, /# Matches what comes from our network/);
  assertMatch(stdout, /-o ens3 -j MASQUERADE$/m);
});

Deno.test("export and read: with --subnet they say so in every command", async () => {
  await using lab = await throwaway();
  const options = "--subnet 10.77.0.0/24";
  const { stdout: bash } = await lab.task(`export nat ${options}`);
  const commands = bash.split("\n").filter((line) => /^[a-z]/.test(line));
  assertEquals(commands.filter((line) => line.includes("192.168.")), []);
  assertMatch(bash, /^ip addr add 10\.77\.0\.100\/24 dev rt-veth$/m);
  const { stdout: page } = await lab.task(`read addr ${options}`);
  assertMatch(page, /^ {4}\$ ip addr add 10\.77\.0\.100\/24 dev rt-veth$/m);
});
