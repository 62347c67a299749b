import { assert, assertEquals, assertMatch } from "@std/assert";
import { steps } from "../../lib/course/stage.ts";
import { stages } from "../../scripts/mod.ts";
import { throwaway } from "../throwaway.ts";
import { death, evidence, labAt, shell, story, traced } from "./traced.ts";

Deno.test("trace: tells at each stage why 8.8.8.8 does not answer", async () => {
  await using lab = await throwaway();
  const why: Record<string, [code: string, sentence: RegExp]> = {
    netns: ["link-missing", /^ns1 has no network card: nothing but lo/],
    bridge: ["link-missing", /^ns1 has no network card: nothing but lo/],
    veth: ["link-missing", /^ns1 has no network card: nothing but lo/],
    attach: ["link-down", /^ns-veth1 in ns1 is switched off/],
    up: ["address-missing", /^ns-veth1 in ns1 has no address/],
    addr: ["no-default-route", /it has no default route/],
    forward: ["no-default-route", /it has no default route/],
    gateway: ["masquerade-missing", /^Nobody can answer 192\.168\.0\.1/],
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
          "iptables-save": "(nothing)",
        });
        break;
      default:
        assertEquals(trace.verdict, "unreachable", stage.name);
        assertEquals(death(trace), "unsent: no-route", stage.name);
        assertEquals(story(trace), [], stage.name);
        assertMatch(
          evidence(trace)["ip netns exec ns1 ip route get 8.8.8.8"],
          /Network is unreachable$/,
        );
    }
    if (trace.cause) {
      const [code, sentence] = why[stage.name];
      assertEquals(trace.cause.code, code, stage.name);
      assertMatch(trace.cause.sentence, sentence);
      // What the next stage builds is nothing to mend.
      assertEquals(trace.cause.fix, [], stage.name);
    }
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
      /cable from ns2, br-veth2, is switched off/,
    ],
    [
      "ip link set dev br0 down",
      "ip link set dev br0 up",
      "ns1 ns2",
      "unsent: link-down",
      /bridge br0 is switched off/,
    ],
    [
      "ip link set dev br-veth2 nomaster",
      "ip link set dev br-veth2 master br0",
      "ns1 ns2",
      "unsent: not-attached",
      /br-veth2 is a port of no bridge/,
    ],
    [
      "ip link set dev br-veth1 down",
      "ip link set dev br-veth1 up",
      "ns1 ns2",
      "unsent: link-down",
      /cable from ns1, br-veth1, is switched off/,
    ],
    [
      "true",
      "true",
      "ns1 192.168.0.9",
      "unsent: arp-unanswered",
      /^Nobody on the segment of ns1 has the address 192\.168\.0\.9/,
    ],
    [
      "bridge link set dev br-veth1 isolated on\n" +
      "bridge link set dev br-veth2 isolated on",
      "bridge link set dev br-veth1 isolated off",
      "ns1 ns2",
      "unsent: port-blocked",
      /br-veth1 and br-veth2/,
    ],
    [
      "ip -n ns1 neigh replace 192.168.0.2 lladdr 02:00:00:00:00:09 dev ns-veth1",
      "ip -n ns1 neigh del 192.168.0.2 dev ns-veth1",
      "ns1 ns2",
      "PC br-veth2 out: wrong-mac",
      /to the wrong MAC address, 02:00:00:00:00:09/,
    ],
    [
      "ip -n ns2 addr del 192.168.0.2/24 dev ns-veth2\n" +
      "ip -n ns2 addr add 192.168.0.2/32 dev ns-veth2",
      "true",
      "ns1 ns2",
      "ns2 ns-veth2 in: no-way-back",
      /ns2/,
    ],
    [
      "ip -n ns2 link set dev ns-veth2 arp off",
      "ip -n ns2 link set dev ns-veth2 arp on",
      "ns1 ns2",
      "unsent: arp-unanswered",
      /ns-veth2 in ns2/,
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
