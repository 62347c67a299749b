/** Tests of `down` on the machine `here`: all of the lab goes, nothing else. */

import { assertEquals, assertMatch } from "@std/assert";
import { assertState, machine, prepare, stateOf } from "./here.ts";

Deno.test("here: after down the machine is as before, also said twice", async () => {
  await using lab = await machine();
  // What turns with ip_forward unless somebody turns it back.
  await prepare(
    lab,
    `sysctl -qw net.ipv4.conf.all.accept_redirects=0
     sysctl -qw net.ipv4.conf.eth0.forwarding=1
     ip link add name guest7 type bridge
     ip route add 198.51.100.0/24 dev eth0`,
  );
  const before = await stateOf(lab);
  for (const name of ["nat", "attach"]) {
    const up = await lab.task(`stage:${name} --quiet`);
    assertEquals([up.code, up.stderr], [0, ""], name);
    const down = await lab.task("down");
    assertEquals([down.code, down.stderr], [0, ""], name);
    assertMatch(down.stdout, /\nThe lab is gone from this machine\.\n$/);
    await assertState(lab, before, name);
  }
  const again = await lab.task("down");
  assertEquals(again, {
    code: 0,
    stdout: "Machine: here, this very Linux\nNo lab is here.\n",
    stderr: "",
  });
});

Deno.test("here: --undo takes back stage by stage, and in the end all", async () => {
  await using lab = await machine();
  await prepare(
    lab,
    `sysctl -qw net.ipv4.conf.all.accept_redirects=0
     sysctl -qw net.ipv4.conf.eth0.forwarding=1`,
  );
  const before = await stateOf(lab);
  assertEquals((await lab.task("stage:nat --quiet")).code, 0);
  const exactly = await lab.task("stage:addr --exactly --quiet");
  assertEquals(exactly.code, 0, exactly.stderr);
  assertEquals((await lab.task("stage:nat --quiet")).code, 0);
  for (const stage of ["forward", "veth", "netns"]) {
    const { stderr } = await lab.task(`stage:${stage} --undo --quiet`);
    assertEquals(stderr, "", stage);
  }
  await assertState(lab, before, "after it all");
});

Deno.test("here: what was on before the lab stays on: ip_forward and a like rule", async () => {
  await using lab = await machine();
  await prepare(
    lab,
    `sysctl -qw net.ipv4.ip_forward=1
     iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE`,
  );
  const before = await stateOf(lab);
  assertEquals((await lab.task("stage:nat --quiet")).code, 0);
  const undo = await lab.task("stage:forward --undo");
  const stays = undo.stdout.match(/(?<=it was so before.*\n {2}\$ ).*/g);
  assertEquals(stays, [
    "iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
    "sysctl -w net.ipv4.ip_forward=0",
  ]);
  assertEquals((await lab.task("down")).code, 0);
  await assertState(lab, before, "after it all");
});

Deno.test("here: a router that became one before shows the verdicts as promised", async () => {
  await using lab = await machine();
  await prepare(lab, "sysctl -qw net.ipv4.ip_forward=1");
  for (const stage of ["netns", "addr", "nat"]) {
    assertEquals((await lab.task(`stage:${stage} --quiet`)).code, 0, stage);
  }
});

Deno.test("here: down leaves what somebody made anew, added or put into it, and says so", async () => {
  await using lab = await machine();
  await lab.task("stage:nat --quiet");
  await prepare(
    lab,
    `ip link del dev br0; ip link add name br0 type bridge
     ip netns del ns2; ip netns add ns2
     ip netns exec ns1 ip link add name guest7 type bridge
     iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE
     sysctl -qw net.ipv4.ip_forward=0`,
  );
  const { code, stdout, stderr } = await lab.task("down");
  // ns1 is the lab's own, and is still there.
  assertEquals(code, 3);
  assertMatch(stderr, /^Not all of the lab is gone from this machine\.$/m);
  assertMatch(stdout, /^ {2}Link br0: it was made anew by somebody else\.$/m);
  assertMatch(stdout, /^ {2}Namespace ns2: it was made anew by somebody else/m);
  assertMatch(stdout, /^ {2}Namespace ns1: guest7 in it is not the lab's/m);
  assertMatch(stdout, /somebody else added the same rule, and it stays/);
  const { stdout: left } = await lab.exec([
    "sh",
    "-c",
    "ip -brief link | cut -d' ' -f1; ip netns list; iptables -t nat -S POSTROUTING; ip -n ns1 -brief link | cut -d' ' -f1",
  ]);
  assertEquals(
    left.replaceAll(/ \(id: \d+\)/g, "").trim().split("\n"),
    [
      "lo",
      "eth0@if2",
      "br0",
      "ns2",
      "ns1",
      "outside",
      "-P POSTROUTING ACCEPT",
      "-A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
      "lo",
      "guest7",
    ],
  );
  // The lab cannot be built over it.
  const over = await lab.task("stage:nat");
  assertMatch(over.stderr, /^This machine has a link br0/);
});
