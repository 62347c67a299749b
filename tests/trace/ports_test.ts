import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Throwaway } from "../throwaway.ts";
import { death, labAt, shell, traced } from "./traced.ts";

/** Starts a program of Deno in a namespace, and waits until it says that it is up. */
async function serve(
  lab: Throwaway,
  namespace: string,
  program: string,
): Promise<void> {
  const up = `/run/up-${namespace}`;
  await shell(
    lab,
    `ip netns exec ${namespace} ${Deno.execPath()} eval --unstable-net ` +
      `'${program}' >${up} 2>&1 </dev/null &`,
    `until [ -s ${up} ]; do :; done`,
  );
}

const ECHO =
  `const s=Deno.listenDatagram({port:53,hostname:"0.0.0.0",transport:"udp"});` +
  `console.log(1);for await(const [b,a] of s) await s.send(b,a);`;

Deno.test("trace --udp: a datagram that comes back is an answer, and so is a refusal", async () => {
  await using lab = await labAt("nat");
  const refused = await traced(lab, "ns1 8.8.8.8 --udp 53");
  assertEquals(
    [refused.verdict, refused.says],
    ["ok", "It refuses: nothing listens on port 53 of outside."],
  );

  // At any address the kernel would choose another one to answer from.
  await serve(lab, "outside", ECHO.replace("0.0.0.0", "8.8.8.8"));
  const accepted = await traced(lab, "ns1 8.8.8.8 --udp 53");
  assertEquals(
    [accepted.verdict, accepted.says],
    ["ok", "A datagram came back: somebody listens on port 53."],
  );
  const seen = accepted.events.filter((event) => event.kind === "seen");
  assertEquals(new Set(seen.map(({ role }) => role)).size, 2);
  assert(seen.every(({ sport, dport }) => sport === 53 || dport === 53));

  // A way that swallows it is none that answers.
  await shell(lab, "iptables -A FORWARD -p udp -j DROP");
  const silent = await traced(lab, "ns1 8.8.8.8 --udp 53");
  assertEquals(death(silent), "PC br0 in: dropped-by-rule");
  assertEquals((await traced(lab, "ns1 8.8.8.8")).verdict, "ok");
});

Deno.test("trace: an answer that comes from elsewhere than was asked is none", async () => {
  // Published for all, but whoever asks is on the same switch: the answer
  // goes straight home, past the one who could translate it back.
  const to = "-d 203.0.113.2 --dport 8080 -j DNAT --to 192.168.0.2:53";
  await using lab = await labAt(
    "nat",
    `iptables -t nat -A PREROUTING -p tcp ${to}`,
    `iptables -t nat -A PREROUTING -p udp ${to}`,
  );
  await serve(
    lab,
    "ns2",
    `Deno.listen({port:53,hostname:"0.0.0.0"});${ECHO}`,
  );
  for (const kind of ["tcp", "udp"]) {
    const asked = `ns1 203.0.113.2 --${kind} 8080`;
    const astray = await traced(lab, asked);
    assertEquals([astray.verdict, astray.says], ["no-reply", null], kind);
    const last = astray.cause?.lastSeen;
    assertEquals(
      [last?.netns, last?.role, last?.src, last?.sport],
      ["ns1", "reply", "192.168.0.2", 53],
      kind,
    );
  }
  await shell(
    lab,
    "iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -d 192.168.0.2 -j MASQUERADE",
    "conntrack -F 2>/dev/null || true",
  );
  for (const kind of ["tcp", "udp"]) {
    const mended = await traced(lab, `ns1 203.0.113.2 --${kind} 8080`);
    assertEquals(mended.verdict, "ok", kind);
  }
});

Deno.test("trace: tells a rule that rejects from a port that nobody listens on", async () => {
  await using lab = await labAt("nat");
  const closed = await traced(lab, "ns1 192.168.0.2:7");
  assertEquals(
    closed.says,
    "It refuses: nothing listens on port 7 of ns2.",
  );
  await shell(
    lab,
    "iptables -A FORWARD -p tcp --dport 7 -j REJECT --reject-with tcp-reset",
    "ip netns exec ns2 iptables -A INPUT -p udp --dport 7 -j REJECT",
  );
  const reset = await traced(lab, "ns1 8.8.8.8:7");
  assertMatch(
    reset.says ?? "",
    /^It refuses: a rule of PC rejects it: -A FORWARD .*tcp-reset\.$/,
  );
  const unreachable = await traced(lab, "ns1 192.168.0.2 --udp 7");
  assertMatch(
    unreachable.says ?? "",
    /^It refuses: a rule of ns2 rejects it: -A INPUT .*REJECT/,
  );
});

Deno.test("trace: shows ports at every place, in 80 columns", async () => {
  await using lab = await labAt("nat");
  for (const kind of ["tcp", "udp"]) {
    const { code, stdout } = await lab.task(
      `trace ns1 8.8.8.8:53 --${kind} 53`,
    );
    assertEquals(code, 0);
    for (const line of stdout.split("\n")) {
      assert([...line].length <= 80, line);
    }
    assertMatch(stdout, /192\.168\.0\.1:\d+ > 8\.8\.8\.8:53 /);
    assertMatch(stdout, /203\.0\.113\.2:\d+ > 8\.8\.8\.8:53 /);
  }
});

Deno.test("trace: takes the port with the address, once", async () => {
  await using lab = await labAt("nat");
  const pc = await traced(lab, "ns1 PC:7");
  assertEquals([pc.verdict, pc.from], ["ok", "ns1"]);
  assertMatch(pc.what, /^A TCP connection from ns1 to .*, port 7\.$/);
  const cases: [string, RegExp][] = [
    ["trace ns1 8.8.8.8:53 --udp 54", /Two ports are named: 53 and 54/],
    ["trace ns1 8.8.8.8 --udp 5 --tcp 5", /one packet: --tcp or --udp/],
    ["trace ns1 8.8.8.8:x", /Cannot use "x" as a port/],
  ];
  for (const [line, words] of cases) {
    const { code, stderr } = await lab.task(line);
    assertEquals(code, 2, line);
    assertMatch(stderr, words);
  }
});

Deno.test("trace --size: a router says how much it takes, or that is lost as well", async () => {
  await using lab = await labAt("nat", "ip link set dev eth0 mtu 1400");
  assertEquals((await traced(lab, "ns1 8.8.8.8 --size 1400")).verdict, "ok");
  const told = await traced(lab, "ns1 8.8.8.8 --size 1500");
  assertEquals([told.verdict, told.cause?.code], [
    "no-reply",
    "packet-too-large",
  ]);
  assert(
    told.events.some((event) =>
      event.kind === "action" &&
      event.sentence.includes("no more than 1400 bytes")
    ),
  );

  await shell(
    lab,
    "iptables -A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP",
    "ip -n ns1 route flush cache",
  );
  const hole = await traced(lab, "ns1 8.8.8.8 --size 1500");
  assertEquals(hole.cause?.code, "mtu-black-hole");

  const wrong = await lab.task("trace --size 10");
  assertEquals(wrong.code, 2);
});

Deno.test("trace --short: a line for each place, and no more", async () => {
  await using lab = await labAt("nat");
  const { stdout } = await lab.task("trace ns1 8.8.8.8 --short");
  const places = stdout.split("\n").filter((line) => /^ +\d+ {2}/.test(line));
  assertEquals(places.length, 11);
  assertEquals(/^ +\|/m.test(stdout), false);
});
