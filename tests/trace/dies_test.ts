import { assert, assertEquals, assertMatch } from "@std/assert";
import { steps } from "../../lib/course/stage.ts";
import { stages } from "../../scripts/mod.ts";
import { throwaway } from "../throwaway.ts";
import { death, evidence, labAt, shell, story, traced } from "./traced.ts";

Deno.test("trace: tells at each stage why 8.8.8.8 does not answer", async () => {
  await using lab = await throwaway();
  const why: Record<string, RegExp> = {
    netns: /no route to 8\.8\.8\.8\. ns1 has no interface but lo/,
    bridge: /no interface but lo/,
    veth: /no interface but lo/,
    attach: /table of routes is empty: ns-veth1 is down/,
    up: /table of routes is empty: ns-veth1 has no address/,
    addr: /no default route, and no other that fits/,
    forward: /no default route, and no other that fits/,
    gateway: /PC by eth0 with the private source 192\.168\.0\.1: no NAT/,
  };
  for (const stage of stages) {
    await shell(lab, ...steps(stage).map(({ command }) => command));
    const trace = await traced(lab);
    switch (stage.name) {
      case "nat":
        assertEquals(trace.verdict, "ok");
        break;
      case "gateway":
        assertEquals(trace.verdict, "no-reply");
        assertEquals(death(trace), "outside isp0 in: no-nat");
        assertEquals(
          story(trace).at(-1),
          "outside isp0 in 192.168.0.1 > 8.8.8.8 63",
        );
        assertEquals(evidence(trace), {
          "ip netns exec outside ip route get 192.168.0.1 from 8.8.8.8":
            "Network is unreachable",
          "iptables -t nat -S POSTROUTING": "-P POSTROUTING ACCEPT",
        });
        break;
      default:
        assertEquals(trace.verdict, "unreachable", stage.name);
        assertEquals(death(trace), "unsent: no-route", stage.name);
        assertEquals(story(trace), [], stage.name);
        assertEquals(
          evidence(trace)["ip netns exec ns1 ip route get 8.8.8.8"],
          "Network is unreachable",
        );
    }
    if (trace.cause) assertMatch(trace.cause.sentence, why[stage.name]);
    if (stage.name === "forward") {
      const { stdout } = await lab.task("trace");
      assertMatch(stdout, /\nNext: .* read gateway, then .* stage:gateway\n$/);
    }
  }
});

Deno.test("trace: names what a router lacks, with the kernel's own counter", async () => {
  await using lab = await labAt("nat", "sysctl -qw net.ipv4.ip_forward=0");
  const off = await traced(lab);
  assertEquals(death(off), "PC br0 in: forwarding-off");
  assertEquals(
    evidence(off)["sysctl net.ipv4.ip_forward"],
    "net.ipv4.ip_forward = 0",
  );
  assertMatch(evidence(off)["nstat -az IpInAddrErrors"], /was \d+, is \d+/);

  // Off for one interface alone.
  await shell(
    lab,
    "sysctl -qw net.ipv4.ip_forward=1",
    "sysctl -qw net.ipv4.conf.br0.forwarding=0",
  );
  const one = await traced(lab);
  assertEquals(death(one), "PC br0 in: forwarding-off");
  assert("sysctl net.ipv4.conf.br0.forwarding" in evidence(one));

  await shell(
    lab,
    "sysctl -qw net.ipv4.conf.br0.forwarding=1",
    "sysctl -qw net.ipv4.conf.br0.rp_filter=1",
  );
  const strict = await traced(lab);
  assertEquals(death(strict), "PC br0 in: reverse-path");
  assertEquals(
    evidence(strict)["nstat -az TcpExtIPReversePathFilter"],
    "TcpExtIPReversePathFilter was 0, is 1",
  );

  await shell(
    lab,
    "sysctl -qw net.ipv4.conf.br0.rp_filter=0",
    "ip route del default",
  );
  const lost = await traced(lab);
  assertEquals(death(lost), "PC br0 in: no-route");
  // The router says so, and ns1 hears it.
  assertEquals(
    story(lost).at(-1),
    "ns1 ns-veth1 in 192.168.0.100 > 192.168.0.1 64",
  );
});

Deno.test("trace: finds what is wrong with the wires", async () => {
  await using lab = await labAt("addr");
  const cases: [string, string, string, string, RegExp][] = [
    [
      "ip link set dev br-veth2 down",
      "ip link set dev br-veth2 up",
      "ns1 ns2",
      "unsent: link-down",
      /got no answer\. br-veth2 in PC is down/,
    ],
    [
      "ip link set dev br0 down",
      "ip link set dev br0 up",
      "ns1 ns2",
      "unsent: link-down",
      /br0 in PC is down/,
    ],
    [
      "ip link set dev br-veth2 nomaster",
      "ip link set dev br-veth2 master br0",
      "ns1 ns2",
      "unsent: not-attached",
      /br-veth2 in PC is a port of no bridge/,
    ],
    [
      "ip link set dev br-veth1 down",
      "ip link set dev br-veth1 up",
      "ns1 ns2",
      "unsent: link-down",
      /br-veth1 in PC is down/,
    ],
    [
      "true",
      "true",
      "ns1 192.168.0.9",
      "unsent: arp-unanswered",
      /nobody answered\. No interface that we can see has 192\.168\.0\.9/,
    ],
    [
      "bridge link set dev br-veth1 isolated on\n" +
      "bridge link set dev br-veth2 isolated on",
      "bridge link set dev br-veth1 isolated off",
      "ns1 ns2",
      "unsent: port-blocked",
      /br-veth1 and br-veth2 are both isolated/,
    ],
    [
      "ip -n ns1 neigh replace 192.168.0.2 lladdr 02:00:00:00:00:09 dev ns-veth1",
      "ip -n ns1 neigh del 192.168.0.2 dev ns-veth1",
      "ns1 ns2",
      "PC br-veth2 out: wrong-mac",
      /for 02:00:00:00:00:09, but ns-veth2 in ns2 has .* throws it away/,
    ],
    [
      "ip -n ns2 addr del 192.168.0.2/24 dev ns-veth2\n" +
      "ip -n ns2 addr add 192.168.0.2/32 dev ns-veth2",
      "true",
      "ns1 ns2",
      "ns2 ns-veth2 in: no-way-back",
      /ns2 has no route back to 192\.168\.0\.1/,
    ],
    [
      "ip -n ns2 link set dev ns-veth2 arp off",
      "ip -n ns2 link set dev ns-veth2 arp on",
      "ns1 ns2",
      "unsent: arp-unanswered",
      /ns-veth2 in ns2 has it, heard the question and kept silent/,
    ],
  ];
  for (const [broken, mended, words, died, sentence] of cases) {
    await shell(lab, broken, "ip -n ns1 neigh flush all");
    const trace = await traced(lab, words);
    assertEquals(death(trace), died, broken);
    assertMatch(trace.cause?.sentence ?? "", sentence);
    await shell(lab, mended);
  }
});
