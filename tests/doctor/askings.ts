/** Questions beyond ping, in labs where something may be wrong. */

import type { Asked } from "../../lib/doctor/asked.ts";
import type { Listening } from "./consult.ts";

/** A question in a lab. */
export interface Asking {
  /** What the matter is. */
  name: string;
  /** Command lines that make it so. */
  lines?: string;
  /** Programs that listen. */
  listen?: Listening[];
  /** Who asks; by default ns1. */
  from?: string;
  /** Who is asked. */
  to?: string;
  /** How. */
  by?: Asked;
  /** The cause; absent where nothing is wrong. */
  code?: string;
  /** Whether its fix mends it. */
  isMended?: true;
}

const WALL = `iptables -A INPUT -p icmp -j ACCEPT
  iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
  iptables -P INPUT DROP`;
const PUBLISH =
  "iptables -t nat -A PREROUTING -d 203.0.113.2 -p tcp --dport 8080 -j DNAT --to-destination 192.168.0.1:80";
const PORT: Asked = { kind: "tcp", port: 9527 };
const DNS: Asked = { kind: "dns", name: "example.org" };
const PC = { netns: "", port: 9527 };

export const askings: readonly Asking[] = [
  {
    name: "a port of the PC that is open",
    listen: [PC],
    to: "203.0.113.2",
    by: PORT,
  },
  {
    name: "a firewall lets pings in, and no connections",
    lines: WALL,
    listen: [PC],
    to: "203.0.113.2",
    by: PORT,
    code: "input-drop",
    isMended: true,
  },
  {
    name: "nobody listens",
    to: "ns2",
    by: PORT,
    code: "nobody-listens",
  },
  {
    name: "a program listens at 127.0.0.1 only",
    listen: [{ ...PC, address: "127.0.0.1" }],
    to: "PC",
    by: PORT,
    code: "listens-elsewhere",
  },
  {
    name: "a rule refuses in the target's name",
    lines:
      "iptables -A FORWARD -p tcp --dport 53 -j REJECT --reject-with tcp-reset",
    to: "8.8.8.8",
    by: { kind: "tcp", port: 53 },
    code: "forward-rule-drop",
  },
  {
    name: "somebody out of view refuses",
    by: { kind: "tcp", port: 9 },
    code: "refused-beyond",
  },
  {
    name: "a published port, asked from the internet",
    lines: PUBLISH,
    listen: [{ netns: "ns1", port: 80 }],
    from: "outside",
    to: "203.0.113.2",
    by: { kind: "tcp", port: 8080 },
  },
  {
    name: "a published port behind which nobody listens",
    lines: PUBLISH,
    from: "outside",
    to: "203.0.113.2",
    by: { kind: "tcp", port: 8080 },
    code: "nobody-listens",
  },
  {
    name: "a datagram that is answered",
    listen: [{ netns: "ns2", port: 5060, udp: true }],
    to: "ns2",
    by: { kind: "udp", port: 5060 },
  },
  {
    name: "a datagram that nobody waits for",
    to: "ns2",
    by: { kind: "udp", port: 5060 },
    code: "nobody-listens",
  },
  {
    name: "datagrams to resolvers are dropped",
    lines: "iptables -A FORWARD -p udp --dport 53 -j DROP",
    to: "8.8.8.8",
    by: DNS,
    code: "forward-rule-drop",
  },
  {
    name: "the machine's own resolver is nobody's in a namespace",
    to: "127.0.0.53",
    by: DNS,
    code: "resolver-elsewhere",
  },
  {
    name: "a router complains of a large packet, and is heard",
    lines: "ip link set dev eth0 mtu 1400",
    by: { kind: "large" },
  },
  {
    name: "a router complains of a large packet, and a rule drops that",
    lines: `ip link set dev eth0 mtu 1400
      iptables -A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP`,
    by: { kind: "large" },
    code: "mtu-black-hole",
    isMended: true,
  },
  {
    name: "a port of the bridge takes smaller packets than the others",
    lines: "ip link set dev br-veth2 mtu 1400",
    to: "ns2",
    by: { kind: "large" },
    code: "mtu-mismatch",
    isMended: true,
  },
  {
    name: "a resolver that will not answer",
    listen: [
      { netns: "ns2", port: 53, udp: true, dnsCode: 5 },
      { netns: "ns2", port: 53, dnsCode: 5 },
    ],
    to: "ns2",
    by: DNS,
    code: "resolver-fails",
  },
  {
    name: "a resolver that answers",
    listen: [
      { netns: "ns2", port: 53, udp: true, dnsCode: 3 },
      { netns: "ns2", port: 53, dnsCode: 3 },
    ],
    to: "ns2",
    by: DNS,
  },
  {
    name: "no resolver is named",
    lines: "mount --bind /etc/hostname /etc/resolv.conf",
    by: DNS,
    code: "resolver-missing",
  },
  ...["ns1", "ns2"].map((from) => ({
    name: `a published port, asked by ${from} beside it`,
    lines: PUBLISH,
    listen: [{ netns: "ns1", port: 80 }],
    from,
    to: "203.0.113.2",
    by: { kind: "tcp" as const, port: 8080 },
    code: "hairpin-nat-missing",
    isMended: true as const,
  })),
  {
    name: "a rule drops what carries a VXLAN",
    lines: `iptables -A OUTPUT -p udp --dport 4789 -j DROP
      ip link add vx0 type vxlan id 42 remote 203.0.113.1 dstport 4789 dev eth0
      ip addr add 10.50.0.1/24 dev vx0
      ip link set dev vx0 up`,
    to: "10.50.0.2",
    code: "output-drop",
  },
  {
    name: "a macvlan asks for the machine whose card it shares",
    lines: `ip link add m0 link eth0 type macvlan mode bridge
      ip link set dev m0 netns ns2
      ip -n ns2 link set dev ns-veth2 down
      ip -n ns2 addr add 203.0.113.9/24 dev m0
      ip -n ns2 link set dev m0 up`,
    from: "ns2",
    to: "203.0.113.2",
    code: "macvlan-parent",
  },
  {
    name: "an entry from before the rule keeps datagrams from NAT",
    lines:
      `conntrack -I -p udp -s 192.168.0.1 -d 8.8.8.8 --sport 5060 --dport 5060 -r 8.8.8.8 -q 192.168.0.1 --reply-port-src 5060 --reply-port-dst 5060 -t 100`,
    listen: [{ netns: "outside", address: "8.8.8.8", port: 5060, udp: true }],
    to: "8.8.8.8",
    by: { kind: "udp", port: 5060 },
    code: "conntrack-stale",
    isMended: true,
  },
  {
    name: "large packets are lost in the internet",
    lines: "ip netns exec outside ip link set dev isp0 mtu 1300",
    by: { kind: "large" },
    code: "large-lost-beyond",
  },
  { name: "large packets get through", by: { kind: "large" } },
];
