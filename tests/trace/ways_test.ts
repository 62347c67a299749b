import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Throwaway } from "../throwaway.ts";
import { labAt, shell, story, traced } from "./traced.ts";

Deno.test("trace: from ns1 to ns2 it is switched, there and back", async () => {
  await using lab = await labAt("addr");
  const trace = await traced(lab, "ns1 ns2");
  assertEquals(trace.verdict, "ok");
  assertEquals(story(trace), [
    "  ns1: routed",
    "  ARP: 192.168.0.1 asks for 192.168.0.2",
    "ns1 ns-veth1 out 192.168.0.1 > 192.168.0.2 64",
    "PC br-veth1 in 192.168.0.1 > 192.168.0.2 64",
    "  PC: switched",
    "PC br-veth2 out 192.168.0.1 > 192.168.0.2 64",
    "ns2 ns-veth2 in 192.168.0.1 > 192.168.0.2 64",
    "  ns2: answered",
    "  ns2: routed",
    "ns2 ns-veth2 out 192.168.0.2 > 192.168.0.1 64",
    "PC br-veth2 in 192.168.0.2 > 192.168.0.1 64",
    "  PC: switched",
    "PC br-veth1 out 192.168.0.2 > 192.168.0.1 64",
    "ns1 ns-veth1 in 192.168.0.2 > 192.168.0.1 64",
  ]);

  // A switch changes nothing on a frame, MAC addresses included.
  const macs = trace.events.flatMap((event) =>
    event.kind === "seen" && event.role === "request"
      ? `${event.srcMac} > ${event.dstMac}`
      : []
  );
  assertEquals(new Set(macs).size, 1);

  // The question by ARP was flooded, and heard at every cable of the switch.
  const arp = trace.events.find((event) => event.kind === "arp");
  assert(arp?.kind === "arp");
  assertEquals(arp.question.toSorted(), [
    "PC/br-veth1 in",
    "PC/br-veth2 out",
    "PC/br-veth3 out",
    "PC/br0 in",
    "PC/rt-veth in",
    "ns1/ns-veth1 out",
    "ns2/ns-veth2 in",
  ]);

  // The second time nobody has to ask.
  const again = await traced(lab, "ns1 ns2");
  assert(!again.events.some(({ kind }) => kind === "arp"));
});

Deno.test("trace: the gateway is reached through br0, which has its address too", async () => {
  await using lab = await labAt("addr");
  const trace = await traced(lab, "ns2 192.168.0.100");
  // The PC answers ARP for any of its addresses on any interface, and br0 is
  // nearer than rt-veth. The answer is routed, and goes out of rt-veth.
  assertEquals(story(trace), [
    "  ns2: routed",
    "  ARP: 192.168.0.2 asks for 192.168.0.100",
    "ns2 ns-veth2 out 192.168.0.2 > 192.168.0.100 64",
    "PC br-veth2 in 192.168.0.2 > 192.168.0.100 64",
    "  PC: kept",
    "PC br0 in 192.168.0.2 > 192.168.0.100 64",
    "  PC: answered",
    "  PC: routed",
    "PC rt-veth out 192.168.0.100 > 192.168.0.2 64",
    "PC br-veth3 in 192.168.0.100 > 192.168.0.2 64",
    "  PC: switched",
    "PC br-veth2 out 192.168.0.100 > 192.168.0.2 64",
    "ns2 ns-veth2 in 192.168.0.100 > 192.168.0.2 64",
  ]);
});

Deno.test("trace: to 8.8.8.8 it is routed and rewritten, and conntrack brings the answer back", async () => {
  await using lab = await labAt("nat");
  // As when the answer of rt-veth came first: the way by the cable.
  await useRtVeth(lab);
  const trace = await traced(lab);
  assertEquals(story(trace), [
    "  ns1: routed",
    "ns1 ns-veth1 out 192.168.0.1 > 8.8.8.8 64",
    "PC br-veth1 in 192.168.0.1 > 8.8.8.8 64",
    "  PC: switched",
    "PC br-veth3 out 192.168.0.1 > 8.8.8.8 64",
    "PC rt-veth in 192.168.0.1 > 8.8.8.8 64",
    "  PC: forwarded",
    "  PC: rewritten",
    "  ARP: 203.0.113.2 asks for 203.0.113.1",
    "PC eth0 out 203.0.113.2 > 8.8.8.8 63",
    "outside isp0 in 203.0.113.2 > 8.8.8.8 63",
    "  outside: answered",
    "  outside: routed",
    "outside isp0 out 8.8.8.8 > 203.0.113.2 64",
    "PC eth0 in 8.8.8.8 > 203.0.113.2 64",
    "  PC: translated back",
    "  PC: forwarded",
    "  ARP: 192.168.0.100 asks for 192.168.0.1",
    "PC rt-veth out 8.8.8.8 > 192.168.0.1 63",
    "PC br-veth3 in 8.8.8.8 > 192.168.0.1 63",
    "  PC: switched",
    "PC br-veth1 out 8.8.8.8 > 192.168.0.1 63",
    "ns1 ns-veth1 in 8.8.8.8 > 192.168.0.1 63",
  ]);

  const because = trace.events.flatMap((event) =>
    event.kind === "action" ? event.because ?? [] : []
  );
  assertEquals(because[0], "default via 192.168.0.100 dev ns-veth1");
  assertMatch(because[1], /dev br-veth3 master br0 static$/);
  assertEquals(because[2], "default via 203.0.113.1 dev eth0");
  assertEquals(
    because[3],
    "-A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
  );
});

/** The way by the cable, as when rt-veth had answered ns1's ARP first. */
async function useRtVeth(lab: Throwaway): Promise<void> {
  await shell(
    lab,
    "mac=$(cat /sys/class/net/rt-veth/address)",
    "ip -n ns1 neigh replace 192.168.0.100 lladdr $mac dev ns-veth1",
    "bridge fdb replace $mac dev br-veth3 master static",
  );
}

Deno.test("trace: shows a flood, and who throws the packet away", async () => {
  await using lab = await labAt("addr");
  await useRtVeth(lab);
  await shell(
    lab,
    "bridge link set dev br-veth3 learning off",
    "bridge fdb del $(cat /sys/class/net/rt-veth/address) dev br-veth3 master",
  );
  const trace = await traced(lab, "ns1 192.168.0.100");
  assertEquals(story(trace).slice(0, 4), [
    "  ns1: routed",
    "ns1 ns-veth1 out 192.168.0.1 > 192.168.0.100 64",
    "PC br-veth1 in 192.168.0.1 > 192.168.0.100 64",
    "  PC: flooded",
  ]);
  // The copies go side by side.
  assertEquals(story(trace).slice(4, 8).toSorted(), [
    "PC br-veth2 out 192.168.0.1 > 192.168.0.100 64",
    "PC br-veth3 out 192.168.0.1 > 192.168.0.100 64",
    "PC rt-veth in 192.168.0.1 > 192.168.0.100 64",
    "ns2 ns-veth2 in 192.168.0.1 > 192.168.0.100 64 (aside)",
  ]);
  assertEquals(trace.verdict, "ok");
});

Deno.test("trace --tcp: shows a refusal, and a connection where somebody listens", async () => {
  await using lab = await labAt("nat");
  const refused = await lab.task("trace --tcp 53");
  assertEquals([refused.code, refused.stderr], [0, ""]);
  assertMatch(refused.stdout, /refuses:\s+nothing listens on port 53/);

  const server = "Deno.listen({port:53});console.log(1);setTimeout(()=>0,1e9)";
  await shell(
    lab,
    `ip netns exec outside ${Deno.execPath()} eval '${server}' >/run/up 2>&1 &`,
    "until [ -s /run/up ]; do :; done",
  );
  const accepted = await lab.task("trace --tcp 53");
  assertEquals([accepted.code, accepted.stderr], [0, ""]);
  assertMatch(accepted.stdout, /accepts:\s+somebody listens on port 53/);
  const trace = await traced(lab, "--tcp 53");
  assert(story(trace).includes("  PC: translated back"));
});

Deno.test("trace: shows where a published port leads to", async () => {
  await using lab = await labAt(
    "gateway",
    "iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 8080 " +
      "-j DNAT --to-destination 192.168.0.1:80",
  );
  const trace = await traced(lab, "outside 203.0.113.2 --tcp 8080");
  assertEquals(trace.verdict, "ok");
  assertEquals(story(trace).slice(2, 7), [
    "outside isp0 out 203.0.113.1 > 203.0.113.2 64",
    "PC eth0 in 203.0.113.1 > 203.0.113.2 64",
    "  PC: rewritten",
    "  PC: forwarded",
    "  ARP: 192.168.0.100 asks for 192.168.0.1",
  ]);
  assertEquals(story(trace).slice(-4), [
    "  PC: forwarded",
    "  PC: translated back",
    "PC eth0 out 203.0.113.2 > 203.0.113.1 63",
    "outside isp0 in 203.0.113.2 > 203.0.113.1 63",
  ]);
});

Deno.test("trace: what OUTPUT rewrites is known from the start", async () => {
  await using lab = await labAt(
    "gateway",
    "iptables -t nat -A OUTPUT -p tcp --dport 8080 -m addrtype " +
      "--dst-type LOCAL -j DNAT --to-destination 192.168.0.1:80",
  );
  const trace = await traced(lab, "PC 203.0.113.2 --tcp 8080");
  assertEquals(trace.verdict, "ok");
  assertEquals(
    story(trace).filter((line) => !line.includes("ARP")).slice(0, 3),
    [
      "  PC: rewritten",
      "  PC: routed",
      "PC rt-veth out 203.0.113.2 > 192.168.0.1 64",
    ],
  );
  const [rewritten] = trace.events.filter(({ kind }) => kind === "action");
  assert("because" in rewritten && rewritten.because?.startsWith("-A OUTPUT"));

  // By way of 127.0.0.1 its own address is rewritten as well, in the end.
  await shell(
    lab,
    "sysctl -qw net.ipv4.conf.rt-veth.route_localnet=1",
    // The answer comes in here, where br0 answered for the PC's address first.
    "sysctl -qw net.ipv4.conf.br0.route_localnet=1",
    "iptables -t nat -A POSTROUTING -s 127.0.0.0/8 -o rt-veth -j MASQUERADE",
  );
  const local = await traced(lab, "PC 127.0.0.1 --tcp 8080");
  assertEquals(local.verdict, "ok");
  assertEquals(
    story(local).filter((line) => !line.includes("ARP")).slice(0, 4),
    [
      "  PC: rewritten",
      "  PC: routed",
      "  PC: rewritten",
      "PC rt-veth out 192.168.0.100 > 192.168.0.1 64",
    ],
  );
});

Deno.test("trace --pid: starts where a process is whose namespace has no name", async () => {
  await using lab = await labAt("nat");
  const pid = (await shell(
    lab,
    "unshare --net sleep 1000 </dev/null >/dev/null 2>&1 & echo $!",
  )).trim();
  // It has its namespace when that is no longer the machine's.
  await shell(
    lab,
    `until [ "$(readlink /proc/${pid}/ns/net)" != "$(readlink /proc/1/ns/net)" ]; do :; done`,
    `ip link add name c0 type veth peer name br-c0`,
    `ip link set dev c0 netns ${pid}`,
    "ip link set dev br-c0 master br0 up",
    `nsenter --target ${pid} --net ip addr add 192.168.0.7/24 dev c0`,
    `nsenter --target ${pid} --net ip link set dev c0 up`,
  );
  const trace = await traced(lab, `--pid ${pid} 192.168.0.1`);
  assertEquals(trace.verdict, "ok");
  const places = story(trace).filter((line) => /^\S/.test(line));
  assertEquals(places[0], `pid ${pid} c0 out 192.168.0.7 > 192.168.0.1 64`);
  assertEquals(places[1], "PC br-c0 in 192.168.0.7 > 192.168.0.1 64");
  assertEquals(
    places.at(-1),
    `pid ${pid} c0 in 192.168.0.1 > 192.168.0.7 64`,
  );
});

Deno.test("trace: is text of at most 80 columns that tells the whole way", async () => {
  await using lab = await labAt("nat");
  const { code, stdout, stderr } = await lab.task("trace");
  assertEquals([code, stderr], [0, ""]);
  for (const line of stdout.split("\n")) {
    assert([...line].length <= 80, line);
  }
  // What differs from run to run is put in a common form.
  const text = stdout
    .replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, "MA:CA:DD:RE:SS:00")
    .replace(/ *\d+(\.\d)? [µm]s/g, " TIME")
    .replace(/-p [0-9a-f]{16}/, "-p MARK");
  const mac = "MA:CA:DD:RE:SS:00";
  assertEquals(
    text,
    `Machine: sandbox "throwaway"
$ ip netns exec ns1 ping -n -c 1 -W 1 -p MARK 8.8.8.8

The request                   from > to              TTL        time
   |    ns1 looks up its route to 8.8.8.8.
   |      default via 192.168.0.100 dev ns-veth1
   |    ns1 asks by ARP who has 192.168.0.100, for 192.168.0.1. Heard at br0,
   |    br-veth1, br-veth2, br-veth3, rt-veth, ns-veth2.
   |      192.168.0.100 is at ${mac} (br0 in PC)
   |      192.168.0.100 is at ${mac} (rt-veth in PC), too late
   |      (Linux answers for any of its addresses on any interface: PC answered
   |      twice.)
   1  ns1      ns-veth1  out  192.168.0.1 > 8.8.8.8  TTL 64 TIME
   |  ${mac} (ns-veth1 in ns1) > ${mac} (br0 in PC)
   2  PC       br-veth1  in   192.168.0.1 > 8.8.8.8  TTL 64 TIME
   |    br0 keeps it: ${mac} is an address of its own.
   3  PC       br0       in   192.168.0.1 > 8.8.8.8  TTL 64 TIME
   |    PC forwards it: TTL 64 becomes 63.
   |      default via 203.0.113.1 dev eth0
   |    PC rewrites the source: 192.168.0.1 becomes 203.0.113.2.
   |      -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE
   |    PC asks by ARP who has 203.0.113.1, for 203.0.113.2. Heard at isp0.
   |      203.0.113.1 is at ${mac} (isp0 in outside)
   4  PC       eth0      out  203.0.113.2 > 8.8.8.8  TTL 63 TIME
   |  ${mac} (eth0 in PC) > ${mac} (isp0 in outside)
   5  outside  isp0      in   203.0.113.2 > 8.8.8.8  TTL 63 TIME

The answer                    from > to              TTL        time
   |    outside answers.
   |    outside looks up its route to 203.0.113.2.
   |      203.0.113.0/24 dev isp0 proto kernel scope link src 203.0.113.1
   6  outside  isp0      out  8.8.8.8 > 203.0.113.2  TTL 64 TIME
   |  ${mac} (isp0 in outside) > ${mac} (eth0 in PC)
   7  PC       eth0      in   8.8.8.8 > 203.0.113.2  TTL 64 TIME
   |    conntrack knows this conversation: destination 203.0.113.2 becomes
   |    192.168.0.1.
   |    PC forwards it: TTL 64 becomes 63.
   |      192.168.0.0/24 dev rt-veth proto kernel scope link src 192.168.0.100
   8  PC       rt-veth   out  8.8.8.8 > 192.168.0.1  TTL 63 TIME
   |  ${mac} (rt-veth in PC) > ${mac} (ns-veth1 in ns1)
   9  PC       br-veth3  in   8.8.8.8 > 192.168.0.1  TTL 63 TIME
   |    br0 switches it to br-veth1, where it learned ${mac}.
   |      ${mac} dev br-veth1 master br0
  10  PC       br-veth1  out  8.8.8.8 > 192.168.0.1  TTL 63 TIME
  11  ns1      ns-veth1  in   8.8.8.8 > 192.168.0.1  TTL 63 TIME

✓ Answered in TIME: seen at 5 places on its way there, at 6 on its way back.
`,
  );
});

Deno.test("trace: says what is wrong with the words that it was given", async () => {
  await using lab = await labAt("netns");
  const cases: [string, number, RegExp][] = [
    ["trace nx1", 2, /"nx1" is neither a namespace .*\nDid you mean "ns1"\?/],
    ["trace ns1 ns2", 3, /ns2 has no IPv4 address yet/],
    ["trace ns1 2001:db8::1", 2, /a trace knows IPv4 only/],
    ["trace 192.0.2.1", 3, /Cannot send from 192\.0\.2\.1: no interface/],
    ["trace --tcp 70000", 2, /Cannot use "70000" as a port/],
    ["trace --pid 99999", 3, /process 99999: No such file or directory/],
    ["trace --wait soon", 2, /Cannot wait for "soon" seconds/],
  ];
  for (const [line, code, words] of cases) {
    const result = await lab.task(line);
    assertEquals([result.code, result.stdout], [code, ""], line);
    assertMatch(result.stderr, words);
  }
});
