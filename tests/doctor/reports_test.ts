/**
 * What people report, as small changes to a healthy lab: the doctor names the
 * cause, or says that nothing is wrong; and holds back what would do harm.
 */

import { assertEquals } from "@std/assert";
import { isInstalled } from "../../vm/path.ts";
import { consult, steps } from "./consult.ts";

/** A report. */
interface Report {
  /** What is the matter. */
  name: string;
  /** Command lines that make it so. */
  lines: string;
  /** The address that ns1 is asked to reach; by default all is asked. */
  to?: string;
  /** The cause; absent where nothing is wrong. */
  code?: string;
  /** There is nothing that may be changed for it. */
  noFix?: true;
}

const NFT = `nft add table ip t
  nft add chain ip t f { type filter hook forward priority 0 ; }`;

const reports: readonly Report[] = [
  {
    name: "nobody has the address that is asked for",
    lines: "sysctl -w net.ipv4.ip_forward=1",
    to: "192.168.0.77",
    code: "neighbour-silent",
    noFix: true,
  },
  {
    name: "policy routing sends the uplink's answers elsewhere",
    lines: `ip rule add from 203.0.113.2 lookup 100
      ip route add default via 203.0.113.1 table 100`,
    to: "203.0.113.2",
    code: "subnet-elsewhere",
    noFix: true,
  },
  {
    name: "an option of iptables that takes no value",
    lines: "iptables -A FORWARD ! -f -j DROP",
    code: "forward-rule-drop",
  },
  {
    name: "a verdict map of nft",
    lines: `${NFT}
      nft add rule ip t f ip saddr vmap { 192.168.0.1 : drop }`,
    code: "nftables-drop",
  },
  {
    name: "a named verdict map of nft",
    lines: `${NFT}
      nft add map ip t m { type ipv4_addr : verdict ; }
      nft add element ip t m { 192.168.0.1 : drop }
      nft add rule ip t f ip saddr vmap @m`,
    code: "nftables-drop",
  },
  {
    name: "a set of nft that does not hold ns1",
    lines: `${NFT}
      nft add set ip t s { type ipv4_addr ; }
      nft add element ip t s { 10.1.1.1 }
      nft add rule ip t f ip saddr @s drop`,
  },
  {
    name: "a table of nft that is switched off",
    lines: `nft add table ip t { flags dormant ; }
      nft add chain ip t f { type filter hook forward priority 0 ; policy drop ; }`,
  },
  {
    name: "a mark that a routing rule forbids",
    lines: `nft add table ip t
      nft add chain ip t p { type filter hook prerouting priority -150 ; }
      nft add rule ip t p ip saddr 192.168.0.1 meta mark set 7 accept
      ip rule add fwmark 7 prohibit`,
    code: "rule-blocks",
    noFix: true,
  },
  {
    name: "a map of nft writes an address that nobody here has",
    lines: `iptables -t nat -F
      nft add table ip t
      nft add chain ip t n { type nat hook postrouting priority 100 ; }
      nft add rule ip t n snat to ip saddr map { 192.168.0.1 : 203.0.113.99 , 192.168.0.2 : 203.0.113.2 }`,
    code: "snat-wrong",
  },
  {
    name: "the bridge's own firewall drops what comes in by a port",
    lines: `nft add table bridge t
      nft add chain bridge t p { type filter hook prerouting priority 0 ; }
      nft add rule bridge t p iifname br-veth1 drop`,
    code: "nftables-drop",
  },
  {
    name: "FORWARD drops what no rule accepts, and rules accept ours",
    lines: `iptables -A FORWARD -s 192.168.0.0/24 -j ACCEPT
      iptables -A FORWARD -d 192.168.0.0/24 -j ACCEPT
      iptables -P FORWARD DROP`,
  },
  {
    name:
      "the default route leads to a cable of which nobody has the other end",
    lines: `ip link add name u0 type veth peer name u1
      ip link set dev u0 up
      ip link set dev u1 up
      ip addr add 198.51.100.2/24 dev u0
      ip route replace default via 198.51.100.1 dev u0`,
    code: "upstream-gateway-silent",
    noFix: true,
  },
  {
    name: "one's own address, and lo is down",
    lines: "ip -n ns1 link set dev lo down",
    to: "192.168.0.1",
    code: "loopback-down",
  },
  {
    name: "127.0.0.1, and lo is down",
    lines: "ip -n ns1 link set dev lo down",
    to: "127.0.0.1",
    code: "loopback-down",
  },
  {
    name: "the gateway's address stands on a port of the bridge",
    lines: `ip addr del 192.168.0.100/24 dev rt-veth
      ip addr add 192.168.0.100/24 dev br-veth3`,
    code: "address-on-port",
  },
  {
    name: "the PC's default route leads back to itself",
    lines: "ip route replace default via 192.168.0.100",
    code: "gateway-wrong",
    noFix: true,
  },
  {
    name: "the default gateway is one's own address",
    lines: "ip -n ns1 route replace default via 192.168.0.1",
    code: "gateway-wrong",
  },
  {
    name: "SNAT writes a private address that is not the uplink's",
    lines: `iptables -t nat -F POSTROUTING
      iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source 192.168.0.100`,
    code: "snat-wrong",
  },
  {
    name: "one namespace is fine, the other has no default route",
    lines: "ip -n ns2 route del default",
    code: "no-default-route",
  },
  {
    name: "packets enter by br0, and the rule is for rt-veth",
    lines: `iptables -P FORWARD DROP
      iptables -A FORWARD -i rt-veth -j ACCEPT
      iptables -A FORWARD -o rt-veth -j ACCEPT`,
    code: "forward-policy-drop",
  },
  {
    name: "NAT stands in the wrong namespace",
    lines: `iptables -t nat -F POSTROUTING
      ip netns exec ns1 iptables -t nat -A POSTROUTING -j MASQUERADE`,
    code: "masquerade-missing",
  },
];

const hasNft = isInstalled("nft");

Deno.test("doctor: answers what people report", async (t) => {
  await steps(
    t,
    reports.map(({ name, lines, to, code, noFix }) => ({
      name: `${code ?? "healthy"}: ${name}`,
      ignore: !hasNft && lines.includes("nft "),
      async fn() {
        const { seen: [{ cause }] } = await consult({
          break: lines.split("\n").map((line) => line.trim()),
          wish: to ? { from: { label: "ns1" }, to } : {},
        });
        assertEquals(cause?.code, code);
        if (cause) assertEquals(cause.fix.length === 0, noFix === true);
      },
    })),
  );
});
