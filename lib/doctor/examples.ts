/**
 * An example of each cause, and what to look with: command lines for a lab at
 * stage nat, where ns1 asks. The tests break a lab with these very lines.
 */

import type { Code } from "./causes.ts";

/** How one gets a cause, and sees it. */
export interface Example {
  /** Command lines that break a healthy lab so; none if it takes more. */
  breaks: readonly string[];
  /** Command lines that show it. */
  look: readonly string[];
}

const example = (breaks: string, look: string): Example => ({
  breaks: breaks.split(/(?<! ); (?=\w)/).filter(Boolean),
  look: look.split("; "),
});

/** By code. */
export const EXAMPLES: Record<Code, Example> = {
  "namespace-missing": example("ip netns del ns1", "ip netns list"),
  "namespace-broken": example(
    "umount /run/netns/ns1",
    "ip netns list; stat -f -c %T /run/netns/ns1",
  ),
  "loopback-down": example(
    "ip -n ns1 link set dev lo down",
    "ip -n ns1 link show dev lo",
  ),
  "link-missing": example(
    "ip link del dev br-veth1",
    "ip -n ns1 -brief link show",
  ),
  "link-down": example(
    "ip -n ns1 link set dev ns-veth1 down",
    "ip -n ns1 link show dev ns-veth1",
  ),
  "host-end-down": example(
    "ip link set dev br-veth1 down",
    "ip link show dev br-veth1",
  ),
  "cable-unplugged": example("", "ip -n ns1 -brief link show"),
  "bridge-missing": example("ip link del dev br0", "ip link show type bridge"),
  "bridge-port-missing": example(
    "ip link set dev br-veth1 nomaster",
    "bridge link show",
  ),
  "bridge-port-elsewhere": example(
    "ip link add name br1 type bridge; ip link set dev br1 up; ip link set dev br-veth1 master br1",
    "bridge link show",
  ),
  "bridge-down": example("ip link set dev br0 down", "ip link show dev br0"),
  "address-on-port": example(
    "ip link set dev eth0 master br0",
    "ip addr show; bridge link show",
  ),
  "port-blocked": example(
    "bridge link set dev br-veth1 state 0",
    "bridge -d link show",
  ),
  "port-isolated": example(
    "bridge link set dev br-veth1 isolated on; bridge link set dev br-veth2 isolated on",
    "bridge -d link show",
  ),
  "port-locked": example(
    "bridge link set dev br-veth1 locked on learning off; ip link set dev br-veth1 type bridge_slave fdb_flush",
    "bridge -d link show; bridge fdb show br br0",
  ),
  "flooding-off": example(
    "bridge link set dev br-veth1 learning off flood off",
    "bridge -d link show; bridge fdb show br br0",
  ),
  "vlan-mismatch": example(
    "ip link set dev br0 type bridge vlan_filtering 1; bridge vlan del dev br-veth1 vid 1; bridge vlan add dev br-veth1 vid 7 pvid untagged",
    "bridge vlan show",
  ),
  "fdb-wrong": example(
    "ip -n ns1 link set dev ns-veth1 address 02:00:00:00:00:11; bridge fdb replace 02:00:00:00:00:11 dev br-veth2 master static sticky",
    "bridge fdb show br br0",
  ),
  "mac-duplicate": example(
    "ip -n ns1 link set dev ns-veth1 address 02:00:00:00:00:11; ip -n ns2 link set dev ns-veth2 address 02:00:00:00:00:11",
    "ip -n ns1 link show; ip -n ns2 link show",
  ),
  "packet-too-large": example("", "ip link show"),
  "mtu-black-hole": example(
    "ip link set dev eth0 mtu 1400; iptables -A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP",
    "ip link show; ip netns exec ns1 ping -M do -s 1472 8.8.8.8",
  ),
  "macvlan-parent": example("", "ip -d link show type macvlan"),
  "queue-drops": example(
    "tc qdisc add dev br-veth2 root tbf rate 8bit burst 10 latency 1ms",
    "tc -s qdisc show",
  ),
  "mtu-mismatch": example("ip link set dev br-veth1 mtu 1400", "ip link show"),
  "address-missing": example(
    "ip -n ns1 addr flush dev ns-veth1",
    "ip -n ns1 addr show",
  ),
  "ipv6-only": example("", "ip -n ns1 addr show"),
  "address-duplicate": example(
    "ip -n ns2 addr add 192.168.0.1/24 dev ns-veth2",
    "ip -n ns1 addr show; ip -n ns2 addr show",
  ),
  "address-not-local": example(
    "ip -n ns1 route del local 192.168.0.1 dev ns-veth1 table local",
    "ip -n ns1 route show table local",
  ),
  "prefix-wrong": example(
    "ip -n ns1 addr add 192.168.0.1/32 dev ns-veth1; ip -n ns1 addr del 192.168.0.1/24 dev ns-veth1",
    "ip -n ns1 addr show",
  ),
  "gateway-address-missing": example(
    "ip addr del 192.168.0.100/24 dev rt-veth",
    "ip addr show",
  ),
  "neighbour-wrong": example(
    "ip -n ns1 neigh replace 192.168.0.2 lladdr 02:00:00:00:00:99 dev ns-veth1 nud permanent",
    "ip -n ns1 neigh show",
  ),
  "neighbour-silent": example("", "ip -n ns1 neigh show"),
  "arp-off": example(
    "ip -n ns1 link set dev ns-veth1 arp off",
    "ip -n ns1 link show",
  ),
  "arp-ignored": example(
    "",
    "ip netns exec ns2 sysctl net.ipv4.conf.all.arp_ignore",
  ),
  "no-default-route": example(
    "ip -n ns1 route del default",
    "ip -n ns1 route show",
  ),
  "neighbour-route-missing": example(
    "ip -n ns1 route del default; ip -n ns1 route del 192.168.0.0/24",
    "ip -n ns1 route show",
  ),
  "gateway-wrong": example(
    "ip -n ns1 route replace default via 192.168.0.2",
    "ip -n ns1 route show",
  ),
  "route-blocks": example(
    "ip -n ns1 route add blackhole 8.8.8.0/24",
    "ip -n ns1 route show; ip -n ns1 route get 8.8.8.8",
  ),
  "rule-blocks": example(
    "ip rule add from 192.168.0.1 prohibit",
    "ip rule show",
  ),
  "routing-rule-missing": example(
    "ip -n ns1 rule del priority 32766",
    "ip -n ns1 rule show",
  ),
  "source-wrong": example(
    "ip -n ns1 addr add 10.1.1.1/32 dev lo; ip -n ns1 route replace default via 192.168.0.100 src 10.1.1.1",
    "ip -n ns1 route get 8.8.8.8",
  ),
  "route-astray": example(
    "ip -n ns1 route add 8.8.8.8 via 192.168.0.2",
    "ip -n ns1 route get 8.8.8.8",
  ),
  "subnet-elsewhere": example(
    "ip route add 192.168.0.1/32 via 203.0.113.1",
    "ip route get 192.168.0.1; ip rule show",
  ),
  "network-internal": example(
    "",
    "docker network ls; docker network inspect --format={{.Internal}} NETWORK",
  ),
  "machine-no-default-route": example("ip route del default", "ip route show"),
  "uplink-down": example("ip link set dev eth0 down", "ip link show dev eth0"),
  "no-way-back": example(
    "ip route del 192.168.0.0/24",
    "ip route get 192.168.0.1",
  ),
  "forwarding-off": example(
    "sysctl -qw net.ipv4.ip_forward=0",
    "sysctl net.ipv4.ip_forward",
  ),
  "forwarding-off-interface": example(
    "sysctl -qw net.ipv4.conf.eth0.forwarding=0",
    "sysctl -ar 'conf.*.forwarding'",
  ),
  "reverse-path-filter": example(
    "",
    "sysctl -ar 'rp_filter'; nstat -az TcpExtIPReversePathFilter",
  ),
  "ttl-too-low": example(
    "iptables -t mangle -A PREROUTING -s 192.168.0.0/24 -j TTL --ttl-set 1",
    "iptables -t mangle -S; sysctl net.ipv4.ip_default_ttl",
  ),
  "forward-policy-drop": example(
    "iptables -P FORWARD DROP",
    "iptables -vS FORWARD",
  ),
  "forward-rule-drop": example(
    "iptables -A FORWARD -s 192.168.0.1/32 -j DROP",
    "iptables -vS FORWARD",
  ),
  "return-not-accepted": example(
    "iptables -P FORWARD DROP; iptables -A FORWARD -s 192.168.0.0/24 -o eth0 -j ACCEPT",
    "iptables -vS FORWARD",
  ),
  "input-drop": example(
    "iptables -A INPUT -p icmp -j DROP",
    "iptables -vS INPUT",
  ),
  "output-drop": example(
    "ip netns exec ns2 iptables -A OUTPUT -p icmp -j DROP",
    "ip netns exec ns2 iptables -vS OUTPUT",
  ),
  "prerouting-drop": example(
    "iptables -t raw -A PREROUTING -s 192.168.0.0/24 -d 8.8.8.8/32 -j DROP",
    "iptables -t raw -vS; iptables -t mangle -vS",
  ),
  "postrouting-drop": example(
    "iptables -t mangle -A POSTROUTING -s 192.168.0.1/32 -j DROP",
    "iptables -t mangle -vS",
  ),
  "other-backend-drop": example(
    "iptables-legacy -P FORWARD DROP",
    "iptables-legacy -S; iptables-nft -S",
  ),
  "nftables-drop": example(
    "nft add table inet guard; nft add chain inet guard pass { type filter hook forward priority 10 ; policy drop ; }",
    "nft list ruleset",
  ),
  "rule-may-drop": example(
    "iptables -A FORWARD -m statistic --mode nth --every 1 --packet 0 -j DROP",
    "iptables -vS",
  ),
  "xfrm-blocks": example(
    "ip -n ns1 xfrm policy add src 192.168.0.1 dst 8.8.8.8 dir out action block",
    "ip -n ns1 xfrm policy",
  ),
  "echo-ignored": example(
    "ip netns exec ns2 sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
    "ip netns exec ns2 sysctl net.ipv4.icmp_echo_ignore_all",
  ),
  "masquerade-missing": example(
    "iptables -t nat -F POSTROUTING",
    "iptables -t nat -vS POSTROUTING; nft list ruleset",
  ),
  "masquerade-mismatch": example(
    "iptables -t nat -F POSTROUTING; iptables -t nat -A POSTROUTING -s 192.168.9.0/24 -o eth0 -j MASQUERADE",
    "iptables -t nat -vS POSTROUTING",
  ),
  "masquerade-shadowed": example(
    "iptables -t nat -I POSTROUTING -s 192.168.0.0/24 -j ACCEPT",
    "iptables -t nat -vS POSTROUTING",
  ),
  "snat-wrong": example(
    "iptables -t nat -I POSTROUTING -s 192.168.0.0/24 -o eth0 -j SNAT --to-source 203.0.113.77",
    "iptables -t nat -vS POSTROUTING",
  ),
  "dnat-diverts": example(
    "iptables -t nat -A PREROUTING -d 8.8.8.8/32 -j DNAT --to-destination 192.168.0.66",
    "iptables -t nat -vS PREROUTING",
  ),
  "not-tracked": example(
    "iptables -t raw -A PREROUTING -s 192.168.0.0/24 -j NOTRACK",
    "iptables -t raw -vS",
  ),
  "nat-too-early": example(
    "",
    "sysctl net.bridge.bridge-nf-call-iptables; conntrack -L",
  ),
  "conntrack-stale": example("", "conntrack -L -s 192.168.0.1"),
  "masquerade-too-wide": example(
    "iptables -t nat -F POSTROUTING; iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -j MASQUERADE",
    "iptables -t nat -vS POSTROUTING",
  ),
  "masquerade-twice": example(
    "iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
    "iptables -t nat -vS POSTROUTING",
  ),
  "hairpin-nat-missing": example(
    "iptables -t nat -A PREROUTING -d 203.0.113.2 -p tcp --dport 8080 -j DNAT --to-destination 192.168.0.1:80",
    "iptables -t nat -vS; conntrack -L",
  ),
  "nobody-listens": example("", "ip netns exec ns2 ss -ltnu"),
  "listens-elsewhere": example("", "ss -ltnu"),
  "resolver-missing": example("", "ip netns exec ns1 cat /etc/resolv.conf"),
  "resolver-elsewhere": example(
    "",
    "ip netns exec ns1 cat /etc/resolv.conf; ip netns exec ns1 ss -ltnu",
  ),
  "resolver-fails": example("", "ip netns exec ns1 cat /etc/resolv.conf"),
  "refused-beyond": example("", "ip netns exec ns1 ss -tn"),
  "large-lost-beyond": example(
    "ip netns exec outside ip link set dev isp0 mtu 1300",
    "ip netns exec ns1 ping -M do -s 1272 8.8.8.8",
  ),
  "upstream-silent": example(
    "ip netns exec outside sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
    "ping 8.8.8.8; ip neigh show",
  ),
  "upstream-gateway-silent": example(
    "ip route replace default via 203.0.113.99",
    "ip neigh show; ip route show",
  ),
  "target-unknown": example("", "ip netns exec ns1 ping 9.9.9.9"),
  "unexplained": example("", "tcpdump -ni any; nstat -az"),
};
