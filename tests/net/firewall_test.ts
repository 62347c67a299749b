/**
 * What the rules of real tools do with a packet, foretold from what those tools
 * print, and held against a real one.
 */

import { assertEquals } from "@std/assert";
import { readIptables } from "../../lib/net/firewall/iptables.ts";
import { readNftables } from "../../lib/net/firewall/nftables.ts";
import type { Packet } from "../../lib/net/firewall/packet.ts";
import { passHook } from "../../lib/net/firewall/pass_hook.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";
import { isInstalled } from "../../vm/path.ts";

/** What becomes of ns1's ping to 8.8.8.8, or of the answer, as the PC forwards them. */
type End = "passes" | "dropped" | "rejected" | "undecided";

const IPTABLES: [rules: string, end: End][] = [
  ["-A FORWARD ! -f -j DROP", "dropped"],
  ["-A FORWARD -f -j DROP", "passes"],
  ["-A FORWARD -s 192.168.0.1,192.168.0.9 -j DROP", "dropped"],
  ["-A FORWARD ! -s 192.168.0.1 -j DROP", "dropped"],
  [
    "-A FORWARD -m iprange --src-range 192.168.0.0-192.168.0.5 -j DROP",
    "dropped",
  ],
  [
    "-A FORWARD -m iprange ! --src-range 192.168.0.0-192.168.0.5 -j DROP",
    "dropped",
  ],
  ["-A FORWARD -p icmp -m icmp --icmp-type 8/0 -j REJECT", "rejected"],
  ["-A FORWARD -p icmp -m icmp ! --icmp-type any -j DROP", "passes"],
  ["-A FORWARD -p tcp -m multiport --dports 80,443 -j DROP", "passes"],
  ["-A FORWARD ! -p tcp -j DROP", "dropped"],
  ["-A FORWARD -p tcp --tcp-flags SYN,ACK SYN -j DROP", "passes"],
  [
    "-A FORWARD -m addrtype --src-type UNICAST --limit-iface-in -j DROP",
    "dropped",
  ],
  ["-A FORWARD -m addrtype ! --dst-type LOCAL -j DROP", "dropped"],
  [
    "-A FORWARD -m conntrack --ctstate NEW -m comment --comment -j -j DROP",
    "dropped",
  ],
  [
    `-A FORWARD -m comment --comment "say \\"-j DROP\\"" -j ACCEPT\n-P FORWARD DROP`,
    "passes",
  ],
  ["-A FORWARD -m conntrack ! --ctstate NEW,RELATED -j DROP", "dropped"],
  ["-A FORWARD -m conntrack --ctorigsrc 192.168.0.0/24 -j DROP", "dropped"],
  [
    "-t mangle -A FORWARD -j MARK --set-xmark 0x6/0xf\n-A FORWARD -m mark --mark 0x2/0x2 -j DROP",
    "dropped",
  ],
  [
    "-t mangle -A FORWARD -j MARK --set-xmark 0x6/0xf\n-A FORWARD -m mark ! --mark 0x2/0x2 -j DROP",
    "passes",
  ],
  [
    "-t mangle -A FORWARD -j CONNMARK --set-mark 5\n-A FORWARD -m connmark --mark 5 -j DROP",
    "dropped",
  ],
  ["-A FORWARD -m ttl --ttl-lt 64 -j DROP", "dropped"],
  ["-A FORWARD -m ttl --ttl-gt 62 -j DROP", "dropped"],
  ["-A FORWARD -m length --length 84 -j DROP", "dropped"],
  ["-A FORWARD -m length ! --length 0:100 -j DROP", "passes"],
  ["-A FORWARD -m mac --mac-source 02:00:00:00:00:01 -j DROP", "undecided"],
  [
    "-A FORWARD -m limit --limit 1/hour -j ACCEPT\n-P FORWARD DROP",
    "undecided",
  ],
  // What makes no difference need not be known.
  ["-A FORWARD -m limit --limit 1/hour -j LOG\n-P FORWARD DROP", "dropped"],
  ["-A FORWARD -m limit --limit 1/hour -j DROP\n-P FORWARD DROP", "dropped"],
  [
    "-A FORWARD -m statistic --mode random --probability 0.5 -j DROP",
    "undecided",
  ],
  [
    "-N A\n-N B\n-A FORWARD -g A\n-A FORWARD -j ACCEPT\n-A A -j B\n-A B -j RETURN\n-P FORWARD DROP",
    "dropped",
  ],
  [
    "-N A\n-A FORWARD -j A\n-A FORWARD -j DROP\n-A A -p udp -j ACCEPT\n-A A -s 192.168.0.0/24 -o eth+ -j ACCEPT\n-A A -i eth0 -j ACCEPT",
    "passes",
  ],
  ["-A FORWARD -m physdev --physdev-is-bridged -j DROP", "passes"],
  ["-A FORWARD -m pkttype --pkt-type broadcast -j DROP", "passes"],
];

const FORWARD = "add table inet t\n" +
  "add chain inet t f { type filter hook forward priority 0 ; }\n";

const NFT: [rules: string, end: End][] = [
  ["add rule inet t f ip saddr vmap { 192.168.0.1 : drop }", "dropped"],
  ["add rule inet t f ip saddr vmap { 192.168.0.2 : drop }", "passes"],
  ["add rule inet t f ip saddr vmap { 192.168.0.1 : continue }", "passes"],
  [
    "add rule inet t f ip saddr vmap { 192.168.0.1 : accept, * : drop }",
    "dropped",
  ],
  [
    "add rule inet t f ip saddr != { 192.168.0.1, 192.168.0.2 } drop",
    "dropped",
  ],
  [
    "add set inet t s { type ipv4_addr ; flags interval ; elements = { 192.168.0.0-192.168.0.9 } }\n" +
    "add rule inet t f ip saddr @s drop",
    "dropped",
  ],
  [
    "add set inet t s { type ipv4_addr ; elements = { 192.168.0.2 } }\n" +
    "add rule inet t f ip saddr != @s drop",
    "dropped",
  ],
  [
    "add chain inet t g\nadd rule inet t g drop\n" +
    "add map inet t m { type ifname . ipv4_addr : verdict ; elements = { br0 . 8.8.8.8 : jump g } }\n" +
    "add rule inet t f iifname . ip daddr vmap @m",
    "dropped",
  ],
  ["add rule inet t f meta mark set 7 accept", "passes"],
  [
    "add rule inet t f meta mark set 0x17\nadd rule inet t f meta mark & 0xf == 7 drop",
    "dropped",
  ],
  [
    "add rule inet t f ct mark set 9\nadd rule inet t f ct mark 9 drop",
    "dropped",
  ],
  [
    "add rule inet t f meta mark set ip saddr map { 192.168.0.1 : 3 }\nadd rule inet t f meta mark 3 drop",
    "dropped",
  ],
  [
    "add rule inet t f ct state { established, related } accept\nadd rule inet t f drop",
    "dropped",
  ],
  [
    "add rule inet t f ct state established,related,new accept\nadd rule inet t f drop",
    "passes",
  ],
  ["add rule inet t f ct state != new drop", "dropped"],
  [
    "add rule inet t f ct state vmap { new : drop, established : accept }",
    "dropped",
  ],
  ["add rule inet t f tcp flags & (fin | syn) == syn drop", "passes"],
  ["add rule inet t f tcp dport != 22 drop", "passes"],
  ["add rule inet t f meta l4proto { tcp, icmp } drop", "dropped"],
  ["add rule inet t f meta l4proto != icmp drop", "passes"],
  [
    "add rule inet t f icmp type { echo-reply, echo-request } reject with icmp type admin-prohibited",
    "rejected",
  ],
  ["add rule inet t f ip ttl 63 drop", "dropped"],
  ["add rule inet t f ip ttl > 63 drop", "passes"],
  ["add rule inet t f ip length 84 drop", "dropped"],
  ["add rule inet t f fib daddr type local drop", "passes"],
  ["add rule inet t f fib daddr type unicast drop", "dropped"],
  ['add rule inet t f iifname "b*" oifname != "br0" drop', "dropped"],
  ["add rule inet t f ip saddr & 255.255.255.0 == 192.168.0.0 drop", "dropped"],
  [
    "add rule inet t f ip daddr . meta l4proto { 8.8.8.8 . icmp } drop",
    "dropped",
  ],
  ["add rule inet t f ip6 saddr ::1 drop", "passes"],
  [
    "add rule inet t f limit rate 1/hour accept\nadd chain inet t f { policy drop ; }",
    "undecided",
  ],
  [
    "add rule inet t f limit rate over 1/hour counter\nadd chain inet t f { policy drop ; }",
    "dropped",
  ],
  ["add rule inet t f ct direction reply drop", "dropped"],
  ["add rule inet t f ct original ip saddr 192.168.0.1 drop", "dropped"],
];

const HAVE_NFT = isInstalled("nft");

Deno.test("firewall: iptables, foretold and held against a real ping", async () => {
  await using lab = await throwaway();
  const packet = await readyLab(lab);
  for (const [rules, end] of IPTABLES) {
    for (const line of rules.split("\n")) {
      await ok(lab, ["sh", "-c", `iptables ${line.replaceAll("!", "\\!")}`]);
    }
    const saved = (await lab.run("iptables-save")).stdout;
    const chains = readIptables(saved, "iptables", "iptables");
    assertEquals(ending(chains, packet), end, rules);
    await assertReal(lab, end, rules);
    const undo =
      "for t in filter mangle; do iptables -t $t -F; iptables -t $t -X; done; iptables -P FORWARD ACCEPT";
    await ok(lab, ["sh", "-c", undo]);
  }
});

Deno.test("firewall: nftables, foretold and held against a real ping", {
  ignore: !HAVE_NFT,
}, async () => {
  await using lab = await throwaway();
  const packet = await readyLab(lab);
  for (const [rules, end] of NFT) {
    const { code, stderr } = await lab.exec(
      ["nft", "-f", "-"],
      FORWARD + rules,
    );
    assertEquals([code, stderr], [0, ""], rules);
    const listed = (await lab.run("nft -j list ruleset")).stdout;
    const chains = readNftables(listed, "nft", (family) => family === "ip");
    assertEquals(ending(chains, packet), end, rules);
    await assertReal(lab, end, rules);
    await ok(lab, ["nft", "delete", "table", "inet", "t"]);
  }
});

/** A whole lab, and ns1's ping where the PC has routed it. */
async function readyLab(lab: Throwaway): Promise<Packet> {
  await lab.task("stage:nat --quiet");
  // The PC answers ARP for the gateway's address on br0 and on rt-veth: so that
  // every packet comes in by br0.
  const { stdout } = await lab.run("cat /sys/class/net/br0/address");
  await ok(lab, [
    ..."ip -n ns1 neigh replace 192.168.0.100 dev ns-veth1 lladdr".split(" "),
    stdout.trim(),
  ]);
  return {
    family: "ip",
    protocol: "icmp",
    icmp: { type: 8, code: 0 },
    src: "192.168.0.1",
    dst: "8.8.8.8",
    iif: "br0",
    oif: "eth0",
    length: 84,
    ttl: 63,
    mark: 0,
    own: ["192.168.0.100", "203.0.113.2"],
    ct: {
      state: "new",
      direction: "original",
      nat: [],
      mark: 0,
      original: { src: "192.168.0.1", dst: "8.8.8.8" },
    },
  };
}

/** What becomes of the ping, and then of its answer. */
function ending(
  chains: Parameters<typeof passHook>[0],
  request: Packet,
): End | "stolen" {
  const there = passHook(chains, ["ip", "inet"], "forward", request);
  const back = there.filter(({ end }) => end === "passes").flatMap((
    { packet },
  ) =>
    passHook(chains, ["ip", "inet"], "forward", {
      ...request,
      icmp: { type: 0, code: 0 },
      src: request.dst,
      dst: request.src,
      iif: "eth0",
      oif: "rt-veth",
      ct: { ...packet.ct, state: "established", direction: "reply" },
    })
  );
  const lost = there.filter(({ end }) => end !== "passes");
  const ends = new Set([...lost, ...back].map(({ end }) => end));
  return ends.size === 1 ? [...ends][0] : "undecided";
}

async function assertReal(lab: Throwaway, end: End, rules: string) {
  if (end === "undecided") return;
  const { code } = await lab.run(
    `ip netns exec ns1 ping -c 1 -W ${end === "passes" ? 2 : 0.1} 8.8.8.8`,
  );
  assertEquals(code === 0, end === "passes", `a real ping, and ${rules}`);
}

async function ok(lab: Throwaway, argv: string[]) {
  const { code, stderr } = await lab.exec(argv);
  assertEquals([code, stderr], [0, ""], argv.join(" "));
}
