import { assertEquals, assertMatch } from "@std/assert";
import type { TraceJson } from "../../lib/trace/trace_json.ts";
import { labAt, shell, traced } from "./traced.ts";

/** Who is the sender where the packet was seen first. */
const sender = ({ events }: TraceJson): string | undefined => {
  const [first] = events.filter((event) => event.kind === "seen");
  return first?.kind === "seen" ? first.src : undefined;
};

Deno.test("trace: from an address the packet has that sender", async () => {
  await using lab = await labAt(
    "nat",
    "ip -n ns1 addr add 192.168.0.11/24 dev ns-veth1",
    "ip addr add 203.0.113.22/24 dev eth0",
  );
  const cases = [
    ["192.168.0.1 8.8.8.8", "ns1", "192.168.0.1"],
    ["192.168.0.11 8.8.8.8", "ns1", "192.168.0.11"],
    ["192.168.0.11 192.168.0.2", "ns1", "192.168.0.11"],
    // The PC's own, of which the kernel would choose another one.
    ["192.168.0.100 8.8.8.8", "PC", "203.0.113.2"],
    ["203.0.113.22 192.168.0.1", "PC", "203.0.113.22"],
    ["203.0.113.22 8.8.8.8", "PC", "203.0.113.22"],
    // By name it is the kernel that chooses.
    ["ns1 8.8.8.8", "ns1", "192.168.0.1"],
  ];
  for (const [words, place, address] of cases) {
    const trace = await traced(lab, words);
    assertEquals([trace.from, trace.verdict], [place, "ok"], words);
    assertEquals(sender(trace), address, words);
    const from = words.split(" ")[0];
    if (from !== "ns1") assertMatch(trace.what, new RegExp(`-I ${from} `));
  }

  // A connection is bound to it as well; nothing listens there, and says so.
  const tcp = await traced(lab, "192.168.0.11 192.168.0.2 --tcp 7");
  assertEquals([tcp.verdict, sender(tcp)], ["ok", "192.168.0.11"]);
  assertMatch(tcp.what, /from ns1 \(192\.168\.0\.11\) to 192\.168\.0\.2/);
});

Deno.test("trace: nobody can send from an address that nobody has", async () => {
  await using lab = await labAt("netns");
  const { code, stdout, stderr } = await lab.task("trace 192.168.0.77 8.8.8.8");
  assertEquals([code, stdout], [3, ""]);
  assertMatch(
    stderr,
    /^Cannot send from 192\.168\.0\.77: no interface of this machine has that address\.$/m,
  );
});

Deno.test("trace: tells the cause as the doctor does, with what mends it", async () => {
  await using lab = await labAt("nat");
  const told = async (words: string) => {
    const said = await lab.task(`trace ${words} --wait 0.3`);
    assertEquals(said.code, 1, said.stderr);
    return said.stdout;
  };
  await shell(lab, "ip link set dev br-veth2 nomaster");
  // ns1's own way out is in order: that is what was asked.
  for (const words of ["ns1 ns2", "ns2 8.8.8.8"]) {
    const text = await told(words);
    assertMatch(text, /br-veth2 is a port of no\s+bridge/);
    assertMatch(text, /^ {2}Fix {8}\$ ip link set dev br-veth2 master br0$/m);
  }
  await shell(
    lab,
    "ip link set dev br-veth2 master br0",
    "ip route add blackhole 9.9.9.9",
    "iptables -A FORWARD -s 192.168.0.2 -j DROP",
  );
  assertMatch(await told("ns1 192.168.0.77"), /Code {7}neighbour-silent/);
  // TCP meets the same rule; and the PC's own route is one as well.
  for (const words of ["ns2 8.8.8.8", "ns2 8.8.8.8 --tcp 80"]) {
    assertMatch(await told(words), /Code {7}forward-rule-drop/);
  }
  assertMatch(await told("PC 9.9.9.9"), /Code {7}route-blocks/);
});
