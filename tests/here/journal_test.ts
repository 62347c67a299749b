/** Tests of how the lab knows its own on `here`, however a command ended. */

import { assertEquals, assertMatch } from "@std/assert";
import { assertState, machine, prepare, stateOf } from "./here.ts";

const FOLDER = "/run/docker0-by-hand";
const JOURNAL = `${FOLDER}/journal`;

Deno.test("here: everything that the lab makes bears its mark", async () => {
  await using lab = await machine();
  await lab.task("stage:nat --quiet");
  const { machine: pc, named } = await lab.snapshot();
  const unmarked = [pc, ...named].flatMap(({ name, links }) =>
    links.filter(({ alias, index, name: link }) =>
      link === "lo"
        ? !/^docker0-by-hand:net:\d+$/.test(alias ?? "")
        : alias !== `docker0-by-hand:${index}`
    )
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

  // Somebody who takes long.
  const lock = "/run/docker0-by-hand.lock";
  const holding = ": >/run/held; exec timeout 10 sleep infinity";
  const waiting = lab.exec(["flock", lock, "sh", "-c", holding]);
  await prepare(
    lab,
    "timeout 30 sh -c 'until [ -e /run/held ]; do :; done'",
  );
  const { code, stderr } = await lab.task("stage:netns --quiet");
  assertEquals(code, 0);
  assertMatch(stderr, /^This lab is being changed by .*: waiting for it\.\n$/);
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
  const { code, stdout, stderr } = await lab.task("down");
  assertEquals(code, 3);
  assertMatch(stderr, /^Not all of the lab is gone from this machine\.$/m);
  const [, left] = stdout.split("Left as it is:\n");
  assertEquals(left.trimEnd().split("\n"), [
    "  Link br0: it does not bear the lab's mark (docker0-by-hand). If it was the lab's: ip link del dev br0",
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

Deno.test("here: a journal of another boot misleads nobody", async () => {
  await using lab = await machine();
  await prepare(lab, "ip link add name br0 type bridge");
  const { stdout: link } = await lab.run("ip -j link show dev br0");
  const [{ ifindex }] = JSON.parse(link);
  const note = {
    what: "links",
    names: ["br0"],
    kind: "bridge",
    above: 1,
    indexes: [ifindex],
  };
  const journal = {
    boot: "another",
    netns: "net:[1]",
    entries: [{ state: "made", note }],
  };
  await prepare(
    lab,
    `mkdir -p -m 700 /run/docker0-by-hand; umask 077; echo '${
      JSON.stringify(journal)
    }' >${JOURNAL}`,
  );
  const { stderr } = await lab.task("stage:nat");
  assertMatch(stderr, /^This machine has a link br0 \(bridge\)/);
  assertMatch((await lab.task("down")).stdout, /No lab is here\./);
  assertEquals((await lab.run("ip link show dev br0")).code, 0);
});

/** What somebody can do to a journal, and what is said of it then. */
const BROKEN: [how: string, says: RegExp][] = [
  [
    `truncate -s 400 ${JOURNAL}`,
    /^Cannot read what the lab made .*: it is no journal \(.*JSON/,
  ],
  [`: >${JOURNAL}`, /^Cannot read what the lab made .*: it is empty/],
  [
    `sed -i 's/"state": "made"/"state": "sold"/' ${JOURNAL}`,
    /^Cannot read what the lab made .*: it tells of \{"state":"sold",/,
  ],
  [
    `sed -i 's/"what": "rule"/"what": "tunnel"/' ${JOURNAL}`,
    /^Cannot read what the lab made .*: it tells of .*"tunnel"/,
  ],
  [
    `sed -i 's/"boot"/"year"/' ${JOURNAL}`,
    /^Cannot read what the lab made .*: it does not say where it holds/,
  ],
];

Deno.test("here: a journal that somebody broke is refused, and down tells what it cannot know", async () => {
  await using lab = await machine();
  const before = await stateOf(lab);
  for (const [how, says] of BROKEN) {
    assertEquals((await lab.task("stage:nat --quiet")).code, 0, how);
    await prepare(lab, how);
    const stage = await lab.task("stage:forward --undo");
    assertEquals([stage.code, stage.stdout], [3, ""], how);
    assertMatch(stage.stderr, says);
    const down = await lab.task("down");
    assertEquals(down.code, 3, how);
    assertMatch(down.stderr, says);
    assertMatch(down.stderr, /^Not all of the lab is gone from this machine/m);
    // What it says to type is all that there is to do.
    const told = down.stdout.match(/(?<=: )(iptables|sysctl) .*$/gm) ?? [];
    assertEquals(told.length, 2, down.stdout);
    await prepare(lab, `${told.join("\n")}\n${NO_TABLE}`);
    await assertState(lab, before, how);
  }
});

const NO_TABLE = "! command -v nft >/dev/null || nft delete table ip nat";

/** What stands where the journal should, and is not ours. */
const FOREIGN: [what: string, says: RegExp][] = [
  [
    `ln -s /etc/passwd ${JOURNAL}`,
    /journal cannot .*: it is a symbolic link\./,
  ],
  [`mkfifo ${JOURNAL}`, /journal cannot .*: it is a pipe\./],
  [`mkdir ${JOURNAL}`, /journal cannot .*: it is a folder\./],
  [
    `truncate -s 2M ${JOURNAL}`,
    /journal cannot .*: it is 2097152 bytes long\./,
  ],
  [`>${JOURNAL}; chmod 666 ${JOURNAL}`, /: it can be written by other users\./],
  [
    `chmod 777 ${FOLDER}`,
    /-hand cannot .*: it can be written by other users\./,
  ],
  [
    `rmdir ${FOLDER}; mkdir /run/theirs; ln -s /run/theirs ${FOLDER}`,
    /-hand cannot be trusted: it is no folder\./,
  ],
];

Deno.test("here: what is not root's own file is not read as a journal", async () => {
  await using lab = await machine();
  const before = await stateOf(lab);
  for (const [what, says] of FOREIGN) {
    await prepare(lab, `umask 022; mkdir ${FOLDER}; ${what}`);
    for (const task of ["stage:netns", "down"]) {
      const { code, stderr } = await lab.task(task);
      assertEquals(code, 3, `${task}: ${what}`);
      assertMatch(stderr, says);
      assertMatch(stderr, /\nLook at it as root .* rm -r \S+\n$/);
    }
    await prepare(lab, `rm -rf ${FOLDER} /run/theirs`);
  }
  await assertState(lab, before, "after it all");
  await lab.task("stage:netns --quiet");
  const { stdout } = await lab.exec(["stat", "-c", "%a %u", FOLDER, JOURNAL]);
  assertEquals(stdout, "700 0\n600 0\n");
});

Deno.test("here: who copied the lab's mark keeps what he has, with a journal and without", async () => {
  await using lab = await machine();
  await lab.task("stage:bridge --quiet");
  const { stdout } = await lab.run("ip -d link show dev br0");
  const mark = stdout.match(/(?<=alias )\S+/)?.[0];
  await prepare(
    lab,
    `ip link add name theirs type bridge; ip link set dev theirs alias ${mark}
     ip link add name theirs2 type bridge; ip link set dev theirs2 alias docker0-by-hand
     ip netns add theirs; ip -n theirs link set dev lo alias ${mark}`,
  );
  for (const first of ["true", `rm -r ${FOLDER}`]) {
    assertEquals((await lab.task("stage:bridge --quiet")).code, 0);
    await prepare(lab, first);
    const { code, stdout } = await lab.task("down");
    assertEquals(code, 0, stdout);
    assertMatch(stdout, /\$ ip link del dev br0\n/);
    const { stdout: there } = await lab.run("ip -brief link");
    assertEquals(there.match(/^(theirs2?|br0|ns\d)\b/gm), [
      "theirs",
      "theirs2",
    ]);
    assertMatch((await lab.run("ip netns list")).stdout, /^theirs/m);
  }
});

Deno.test("here: where nothing can be written down, nothing is run", async () => {
  await using lab = await machine();
  await prepare(
    lab,
    `mkdir /run/docker0-by-hand
     mount -t tmpfs -o size=4096,mode=700 full /run/docker0-by-hand
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
