/** Tests of what `here` says on a Docker host, whose firewall is in the way. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { isInstalled } from "../../vm/path.ts";
import { machine, prepare } from "./here.ts";

/** What Docker does to a machine at its start. */
const DOCKER = `
  sysctl -qw net.bridge.bridge-nf-call-iptables=1
  iptables -N DOCKER-USER
  iptables -A FORWARD -j DOCKER-USER
  iptables -P FORWARD DROP
`;

Deno.test("here: on a Docker host says before the stage what will be dropped, why, and what to type", async () => {
  await using lab = await machine();
  await prepare(lab, DOCKER);
  const up = await lab.task("stage:up");
  assertEquals([up.code, up.stderr], [0, ""], "nothing is promised yet");

  const addr = await lab.task("stage:addr --quiet");
  assertEquals(addr.code, 1, addr.stdout);
  assertMatch(
    addr.stderr,
    /^This machine's firewall will drop ns1 to ns2:\n {2}-P FORWARD DROP .*\n {2}net\.bridge\.bridge-nf-call-iptables = 1 /,
  );
  const nat = await lab.task("stage:nat --quiet");
  assertEquals(nat.code, 1, nat.stdout);
  assertMatch(nat.stderr, /will drop ns1 to ns2 and ns1 to 8\.8\.8\.8:\n/);

  // It was not changed; and what was offered helps.
  const { stdout: rules } = await lab.run("iptables -S");
  assertEquals(rules.match(/-P FORWARD DROP|192\.168/g), ["-P FORWARD DROP"]);
  const lines = nat.stderr.match(/^ {2}(iptables|sysctl) .*$/gm) ?? [];
  assertEquals(lines.length, 3, nat.stderr);
  await prepare(lab, lines.join("\n"));
  const then = await lab.task("stage:nat --quiet");
  assertEquals([then.code, then.stderr], [0, ""], then.stdout);
});

Deno.test("here: a firewall that ends with REJECT is seen, one that lets the lab through is not", async () => {
  await using lab = await machine();
  await prepare(
    lab,
    "iptables -A FORWARD -j REJECT --reject-with icmp-host-prohibited",
  );
  const addr = await lab.task("stage:addr --quiet");
  assertEquals([addr.code, addr.stderr], [0, ""], "bridged packets pass by");
  const { stderr } = await lab.task("stage:nat --quiet");
  assertMatch(stderr, /^ {2}-A FORWARD -j REJECT/m);
  assert(!stderr.includes("bridge-nf"), stderr);
  await prepare(
    lab,
    "iptables -F FORWARD; iptables -P FORWARD DROP; iptables -A FORWARD -s 192.168.0.0/24 -j ACCEPT; iptables -A FORWARD -d 192.168.0.0/24 -j ACCEPT",
  );
  const nat = await lab.task("stage:nat --quiet");
  assertEquals([nat.code, nat.stderr], [0, ""], nat.stdout);
});

Deno.test({
  name:
    "here: a firewall of nft is seen as well, and what is offered lets the lab through",
  ignore: !isInstalled("nft"),
  async fn() {
    await using lab = await machine();
    await prepare(
      lab,
      `nft add table inet guard
       nft 'add chain inet guard passing { type filter hook forward priority 10; policy drop; }'
       nft add rule inet guard passing ip saddr 10.0.0.0/8 accept`,
    );
    const nat = await lab.task("stage:nat --quiet");
    assertEquals(nat.code, 1, nat.stdout);
    assertMatch(nat.stderr, /will drop ns1 to 8\.8\.8\.8:\n {2}policy drop/);
    const lines = nat.stderr.match(/^ {2}nft .*$/gm) ?? [];
    assertEquals(lines.length, 2, nat.stderr);
    await prepare(lab, lines.join("\n"));
    const then = await lab.task("stage:nat --quiet");
    assertEquals([then.code, then.stderr], [0, ""], then.stdout);
  },
});
