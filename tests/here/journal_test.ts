/** Tests of how the lab knows its own on `here`, however a command ended. */

import { assertEquals, assertMatch } from "@std/assert";
import { assertState, machine, prepare, stateOf } from "./here.ts";

const JOURNAL = "/run/docker0-by-hand/journal";

Deno.test("here: everything that the lab makes bears its mark", async () => {
  await using lab = await machine();
  await lab.task("stage:nat --quiet");
  const { machine: pc, named } = await lab.snapshot();
  const unmarked = [pc, ...named].flatMap(({ name, links }) =>
    links.filter(({ alias }) => alias !== "docker0-by-hand")
      .map((link) => `${name} ${link.name}`)
  );
  assertEquals(unmarked, [" lo", " eth0", "outside lo", "outside isp0"]);
});

Deno.test("here: six commands at once build one lab, and who waits says for whom", async () => {
  await using lab = await machine();
  const before = await stateOf(lab);
  const six = await Promise.all(
    Array.from({ length: 6 }, () => lab.task("stage:nat --json")),
  );
  assertEquals(six.map(({ code }) => code), [0, 0, 0, 0, 0, 0]);
  const lines = six.flatMap(({ stdout }) => JSON.parse(stdout).ran);
  assertEquals(lines.length, new Set(lines).size, "each line was run once");
  await lab.task("down");
  await assertState(lab, before, "after it all");

  // Somebody who takes long: he holds the lock until his input ends.
  const lock = "/run/docker0-by-hand.lock";
  await prepare(lab, `printf 'stage:up (process 7)' >${lock}`);
  const waiting = lab.exec([
    "flock",
    lock,
    "timeout",
    "1",
    "sleep",
    "infinity",
  ]);
  const { code, stderr } = await lab.task("stage:netns --quiet");
  assertEquals(
    [code, stderr],
    [
      0,
      "This lab is being changed by stage:up (process 7): waiting for it.\n",
    ],
  );
  await waiting;
});

Deno.test("here: without its journal the lab is known by its mark, the rest is told", async () => {
  await using lab = await machine();
  const before = await stateOf(lab);
  await lab.task("stage:nat --quiet --subnet 10.77.0.0/24");
  await prepare(
    lab,
    "rm -r /run/docker0-by-hand; ip link del dev br0; ip link add name br0 type bridge",
  );
  // Its subnet is read from the kernel.
  assertMatch((await lab.task("status")).stdout, /ns1 to 10\.77\.0\.2 /);
  const { code, stdout } = await lab.task("down");
  assertEquals(code, 0);
  const [, left] = stdout.split("Left as it is:\n");
  assertEquals(left.trimEnd().split("\n"), [
    "  Link br0: it does not bear the lab's mark (docker0-by-hand).",
    "  `-A POSTROUTING -s 10.77.0.0/24 -o eth0 -j MASQUERADE`: whose it is is not known. If it was the lab's: iptables -t nat -D POSTROUTING -s 10.77.0.0/24 -o eth0 -j MASQUERADE",
    "  net.ipv4.ip_forward = 1: who set it is not known. If it was the lab: sysctl -w net.ipv4.ip_forward=0",
  ]);
  await prepare(
    lab,
    `ip link del dev br0; sysctl -qw net.ipv4.ip_forward=0
     iptables -t nat -D POSTROUTING -s 10.77.0.0/24 -o eth0 -j MASQUERADE
     ! command -v nft >/dev/null || nft delete table ip nat`,
  );
  await assertState(lab, before, "after it all");
});

Deno.test("here: a journal of another boot, or one that is cut short, misleads nobody", async () => {
  await using lab = await machine();
  await prepare(lab, "ip link add name br0 type bridge");
  const { stdout: link } = await lab.run("ip -j link show dev br0");
  const [{ ifindex }] = JSON.parse(link);
  const boot = `{"boot":"another","netns":"net:[1]"}`;
  const made = `{"state":"made","what":"links","names":["br0"],` +
    `"kind":"bridge","above":1,"indexes":[${ifindex}]}`;
  await prepare(
    lab,
    `mkdir -p /run/docker0-by-hand; printf '%s\\n' '${boot}' '${made}' >${JOURNAL}`,
  );
  const { stderr } = await lab.task("stage:nat");
  assertMatch(stderr, /^This machine has a link br0 \(bridge\)/);
  assertMatch((await lab.task("down")).stdout, /No lab is here\./);
  assertEquals((await lab.run("ip link show dev br0")).code, 0);

  await prepare(lab, "ip link del dev br0");
  const before = await stateOf(lab);
  await lab.task("stage:bridge --quiet");
  await prepare(lab, `printf '{"state":"made","what":"li' >>${JOURNAL}`);
  assertEquals((await lab.task("stage:addr --quiet")).code, 0);
  await lab.task("down");
  await assertState(lab, before, "after it all");
});

Deno.test("here: where nothing can be written down, nothing is run", async () => {
  await using lab = await machine();
  await prepare(
    lab,
    `mkdir /run/docker0-by-hand
     mount -t tmpfs -o size=4096 full /run/docker0-by-hand
     ! head -c 5000 /dev/zero 2>/dev/null >/run/docker0-by-hand/all`,
  );
  const before = await stateOf(lab);
  const { code, stderr } = await lab.task("stage:nat --quiet");
  assertEquals(code, 3);
  assertMatch(
    stderr,
    /^Cannot write down what the lab makes, .*: No space left on device.*\nNothing more was run\. .*\n$/,
  );
  await assertState(lab, before, "nothing was run");
});
