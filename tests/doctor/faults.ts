/**
 * Faults for a healthy lab: the commands that make them, and the code under
 * which the doctor must name them. Numbers are those of conditions that keep
 * containers from reaching out, as engineers meet them.
 */

/** A fault. */
export interface Fault {
  /** What one did wrong. */
  name: string;
  /** How. */
  break: readonly string[];
  /** What the doctor has to call it. */
  code: string;
  /** What the doctor is asked beyond the default. */
  wish?: Record<string, unknown>;
  /** Not ours to mend: there is no fix. */
  noFix?: true;
  /** A command that works only where the kernel can do this at all. */
  needs?: string;
}

const fault = (
  code: string,
  name: string,
  lines: string,
  more: Partial<Fault> = {},
): Fault => ({
  code,
  name,
  break: lines.trim().split("\n").map((line) => line.trim()),
  ...more,
});

/** All of them. */
export const faults: readonly Fault[] = [
  // --- Links ---------------------------------------------------------------
  fault(
    "bridge-port-missing",
    "ns1's cable is pulled from the bridge",
    "ip link set dev br-veth1 nomaster",
  ),
  fault(
    "bridge-port-missing",
    "ns2's cable is pulled from the bridge",
    "ip link set dev br-veth2 nomaster",
  ),
  fault(
    "bridge-port-missing",
    "the router's cable is pulled from the bridge",
    "ip link set dev br-veth3 nomaster",
  ),
  fault(
    "bridge-port-elsewhere",
    "ns1's cable is in another bridge",
    `ip link add name br1 type bridge
     ip link set dev br1 up
     ip link set dev br-veth1 master br1`,
  ),
  fault("bridge-down", "the bridge is down", "ip link set dev br0 down"),
  fault("bridge-missing", "the bridge is deleted", "ip link del dev br0"),
  fault(
    "host-end-down",
    "the host end of ns1's cable is down",
    "ip link set dev br-veth1 down",
  ),
  fault(
    "host-end-down",
    "the bridge's end of the router's cable is down",
    "ip link set dev br-veth3 down",
  ),
  fault(
    "link-down",
    "ns1's own end is down",
    "ip -n ns1 link set dev ns-veth1 down",
  ),
  fault(
    "link-down",
    "ns2's own end is down",
    "ip -n ns2 link set dev ns-veth2 down",
  ),
  fault(
    "link-down",
    "the router's card is down",
    "ip link set dev rt-veth down",
  ),
  fault("loopback-down", "ns1's lo is down", "ip -n ns1 link set dev lo down"),
  fault(
    "link-missing",
    "ns1's cable is deleted",
    "ip link del dev br-veth1",
  ),
  fault(
    "address-on-port",
    "the uplink was put into the bridge",
    "ip link set dev eth0 master br0",
  ),
  fault(
    "link-missing",
    "ns1's card is in ns2",
    "ip -n ns1 link set dev ns-veth1 netns ns2",
  ),
  fault(
    "port-blocked",
    "STP keeps a port listening",
    `ip link set dev br0 type bridge stp_state 1
     ip link set dev br-veth1 down
     ip link set dev br-veth1 up`,
  ),
  fault(
    "port-blocked",
    "a port is disabled",
    "bridge link set dev br-veth1 state 0",
  ),
  fault(
    "port-isolated",
    "the ports of ns1 and ns2 are isolated",
    `bridge link set dev br-veth1 isolated on
     bridge link set dev br-veth2 isolated on`,
  ),
  fault(
    "port-locked",
    "ns1's port is locked",
    `bridge link set dev br-veth1 locked on learning off
     ip link set dev br-veth1 type bridge_slave fdb_flush`,
  ),
  fault(
    "flooding-off",
    "ns2's port gets no broadcast",
    `bridge link set dev br-veth2 bcast_flood off
     ip -n ns1 neigh flush all
     ip neigh flush all
     ip -n ns2 neigh flush all`,
  ),
  fault(
    "flooding-off",
    "ns1's port neither learns nor gets what the bridge cannot place",
    "bridge link set dev br-veth1 learning off flood off",
  ),
  fault(
    "vlan-mismatch",
    "ns1's port is in another VLAN",
    `ip link set dev br0 type bridge vlan_filtering 1
     bridge vlan del dev br-veth1 vid 1
     bridge vlan add dev br-veth1 vid 7 pvid untagged`,
    { needs: "ip link add name x0 type bridge vlan_filtering 1" },
  ),
  fault(
    "fdb-wrong",
    "the bridge was told a wrong port for ns1",
    `ip -n ns1 link set dev ns-veth1 address 02:00:00:00:00:11
     bridge fdb replace 02:00:00:00:00:11 dev br-veth2 master static sticky`,
  ),
  fault(
    "mac-duplicate",
    "ns1 and ns2 have one MAC address",
    `ip -n ns1 link set dev ns-veth1 address 02:00:00:00:00:11
     ip -n ns2 link set dev ns-veth2 address 02:00:00:00:00:11`,
  ),
  fault(
    "queue-drops",
    "a queue of ns2's cable lets hardly anything through",
    "tc qdisc add dev br-veth2 root tbf rate 8bit burst 10 latency 1ms",
    {
      needs: "tc qdisc add dev eth0 root tbf rate 8bit burst 10 latency 1ms",
    },
  ),
  fault(
    "mtu-mismatch",
    "ns1's host end takes small packets only",
    "ip link set dev br-veth1 mtu 1400",
  ),
  fault(
    "mtu-mismatch",
    "ns1's own end takes small packets only",
    "ip -n ns1 link set dev ns-veth1 mtu 1300",
  ),
  // --- Addresses -----------------------------------------------------------
  fault(
    "address-missing",
    "ns1 has no address",
    "ip -n ns1 addr flush dev ns-veth1",
  ),
  fault(
    "address-missing",
    "ns2 has no address",
    "ip -n ns2 addr flush dev ns-veth2",
  ),
  fault(
    "address-missing",
    "ns2 has another address",
    `ip -n ns2 addr flush dev ns-veth2
     ip -n ns2 addr add 192.168.0.3/24 dev ns-veth2`,
  ),
  fault(
    "address-missing",
    "ns1 has an address of another network",
    `ip -n ns1 addr flush dev ns-veth1
     ip -n ns1 addr add 192.168.1.1/24 dev ns-veth1`,
  ),
  fault(
    "address-duplicate",
    "ns2 has ns1's address as well",
    "ip -n ns2 addr add 192.168.0.1/24 dev ns-veth2",
  ),
  fault(
    "address-duplicate",
    "ns2 has ns1's address instead of its own",
    `ip -n ns2 addr flush dev ns-veth2
     ip -n ns2 addr add 192.168.0.1/24 dev ns-veth2`,
  ),
  fault(
    "address-duplicate",
    "ns2 has the gateway's address as well",
    "ip -n ns2 addr add 192.168.0.100/24 dev ns-veth2",
  ),
  fault(
    "address-duplicate",
    "the machine has ns1's address as well",
    "ip addr add 192.168.0.1/32 dev lo",
  ),
  fault(
    "address-not-local",
    "ns1 does not take its address for its own",
    "ip -n ns1 route del local 192.168.0.1 dev ns-veth1 table local",
  ),
  fault(
    "address-not-local",
    "the machine does not take the gateway's address for its own",
    "ip route del local 192.168.0.100 dev rt-veth table local",
  ),
  fault(
    "prefix-wrong",
    "ns1's prefix is /32",
    `ip -n ns1 addr add 192.168.0.1/32 dev ns-veth1
     ip -n ns1 addr del 192.168.0.1/24 dev ns-veth1`,
  ),
  fault(
    "prefix-wrong",
    "ns1's prefix is /32, its routes are gone",
    `ip -n ns1 addr del 192.168.0.1/24 dev ns-veth1
     ip -n ns1 addr add 192.168.0.1/32 dev ns-veth1`,
  ),
  fault(
    "prefix-wrong",
    "ns1's prefix is /25",
    `ip -n ns1 addr add 192.168.0.1/25 dev ns-veth1
     ip -n ns1 addr del 192.168.0.1/24 dev ns-veth1`,
  ),
  fault(
    "prefix-wrong",
    "ns2's prefix is /32",
    `ip -n ns2 addr del 192.168.0.2/24 dev ns-veth2
     ip -n ns2 addr add 192.168.0.2/32 dev ns-veth2`,
  ),
  fault(
    "gateway-address-missing",
    "nobody has the gateway's address",
    "ip addr del 192.168.0.100/24 dev rt-veth",
  ),
  fault(
    "neighbour-wrong",
    "the bridge's MAC address followed a port that left",
    `ip link add name x0 type veth peer name x1
     ip link set dev x0 address 00:00:00:00:00:05
     ip link set dev x0 master br0
     ip link set dev x0 up
     ip -n ns1 neigh replace 192.168.0.100 lladdr 00:00:00:00:00:05 dev ns-veth1 nud reachable
     ip link del dev x0`,
  ),
  fault(
    "neighbour-wrong",
    "ns1 was told a wrong MAC address for ns2",
    "ip -n ns1 neigh replace 192.168.0.2 lladdr 02:00:00:00:00:99 dev ns-veth1 nud permanent",
  ),
  fault(
    "neighbour-wrong",
    "the machine was told a wrong MAC address for ns1",
    "ip neigh replace 192.168.0.1 lladdr 02:00:00:00:00:99 dev rt-veth nud permanent",
  ),
  fault(
    "neighbour-silent",
    "nobody has the address that is asked for",
    "ip -n ns1 neigh flush all",
    { wish: { from: { label: "ns1" }, to: "192.168.0.77" }, noFix: true },
  ),
  fault(
    "arp-off",
    "ns1 neither asks nor answers who has an address",
    "ip -n ns1 link set dev ns-veth1 arp off",
  ),
  fault(
    "arp-ignored",
    "ns2 does not tell its MAC address",
    `ip netns exec ns2 sysctl -qw net.ipv4.conf.all.arp_ignore=8
     ip -n ns1 neigh flush all
     ip -n ns2 neigh flush all`,
    { wish: { from: { label: "ns1" } } },
  ),
  // --- Routes --------------------------------------------------------------
  fault(
    "no-default-route",
    "ns1 has no default route",
    "ip -n ns1 route del default",
  ),
  fault(
    "no-default-route",
    "ns2 has no default route",
    "ip -n ns2 route del default",
  ),
  fault(
    "neighbour-route-missing",
    "ns1 lost the route to its neighbours",
    `ip -n ns1 route del default
     ip -n ns1 route del 192.168.0.0/24`,
  ),
  fault(
    "gateway-wrong",
    "ns1's default route leads to ns2",
    "ip -n ns1 route replace default via 192.168.0.2",
  ),
  fault(
    "gateway-wrong",
    "ns1's default route leads to nobody",
    "ip -n ns1 route replace default via 192.168.0.77",
  ),
  fault(
    "gateway-wrong",
    "ns1's default route has no gateway",
    "ip -n ns1 route replace default dev ns-veth1",
  ),
  fault(
    "route-blocks",
    "a blackhole in ns1",
    "ip -n ns1 route add blackhole 8.8.8.0/24",
  ),
  fault(
    "route-blocks",
    "the machine prohibits the target",
    "ip route add prohibit 8.8.8.8",
  ),
  fault(
    "route-blocks",
    "the machine has a blackhole for ns1",
    "ip route add blackhole 192.168.0.1",
  ),
  fault(
    "route-blocks",
    "a route of ns1 sends the question to the next table",
    "ip -n ns1 route add throw 8.8.8.8",
  ),
  fault(
    "rule-blocks",
    "a routing rule of the machine prohibits what comes from ns1",
    "ip rule add from 192.168.0.1 prohibit",
  ),
  fault(
    "route-blocks",
    "a table of their own is a blackhole for ns1's network",
    `ip route add blackhole default table 99
     ip rule add from 192.168.0.0/24 lookup 99`,
  ),
  fault(
    "rule-blocks",
    "a routing rule of ns1 refuses the target",
    "ip -n ns1 rule add to 8.8.8.8 unreachable",
  ),
  fault(
    "route-blocks",
    "marked packets meet a blackhole in a table of their own",
    `iptables -t mangle -A PREROUTING -s 192.168.0.1 -j MARK --set-mark 7
     ip route add blackhole default table 77
     ip rule add fwmark 7 lookup 77`,
  ),
  fault(
    "routing-rule-missing",
    "no rule of ns1 leads to its routes",
    "ip -n ns1 rule del priority 32766",
  ),
  fault(
    "routing-rule-missing",
    "no rule of the machine leads to its routes",
    "ip rule del priority 32766",
  ),
  fault(
    "routing-rule-missing",
    "no rule of ns2 leads to its own addresses",
    "ip -n ns2 rule del priority 0",
  ),
  fault(
    "source-wrong",
    "ns1's default route names a sender that is not ns1's",
    `ip -n ns1 addr add 10.1.1.1/32 dev lo
     ip -n ns1 route replace default via 192.168.0.100 src 10.1.1.1`,
  ),
  fault(
    "route-astray",
    "ns1 has a route for the target by way of ns2",
    "ip -n ns1 route add 8.8.8.8 via 192.168.0.2",
  ),
  fault(
    "subnet-elsewhere",
    "the gateway's address is on another bridge",
    `ip addr del 192.168.0.100/24 dev rt-veth
     ip link add name br1 type bridge
     ip addr add 192.168.0.100/24 dev br1
     ip link set dev br1 up`,
  ),
  fault(
    "subnet-elsewhere",
    "another interface owns the same subnet",
    `ip link add name x0 type veth peer name x1
     ip link set dev x0 up
     ip link set dev x1 up
     ip addr add 192.168.0.200/24 dev x0
     ip addr del 192.168.0.100/24 dev rt-veth
     ip addr add 192.168.0.100/24 dev rt-veth`,
  ),
  fault(
    "subnet-elsewhere",
    "a route leads ns1's address out by the uplink",
    "ip route add 192.168.0.1/32 via 203.0.113.1",
  ),
  fault(
    "machine-no-default-route",
    "the machine has no default route",
    "ip route del default",
  ),
  fault("uplink-down", "the uplink is down", "ip link set dev eth0 down"),
  fault(
    "no-way-back",
    "the machine lost its route to the bridge's network",
    "ip route del 192.168.0.0/24",
  ),
  // --- Forwarding ----------------------------------------------------------
  fault(
    "forwarding-off",
    "the machine forwards nothing",
    "sysctl -qw net.ipv4.ip_forward=0",
  ),
  fault(
    "forwarding-off-interface",
    "the uplink forwards nothing",
    "sysctl -qw net.ipv4.conf.eth0.forwarding=0",
  ),
  fault(
    "forwarding-off-interface",
    "the bridge forwards nothing",
    "sysctl -qw net.ipv4.conf.br0.forwarding=0",
  ),
  fault(
    "reverse-path-filter",
    "the machine's way to the target is another one than from it",
    `ip link add name x0 type veth peer name x1
     ip link set dev x0 up
     ip link set dev x1 up
     ip addr add 198.51.100.1/24 dev x0
     ip route add 8.8.8.8 via 203.0.113.1 table 100
     ip rule add iif br0 lookup 100
     sh -c "ip -n ns1 neigh replace 192.168.0.100 lladdr $(cat /sys/class/net/br0/address) dev ns-veth1"
     sh -c "ip -n ns2 neigh replace 192.168.0.100 lladdr $(cat /sys/class/net/br0/address) dev ns-veth2"
     ip route add 8.8.8.8 via 198.51.100.2
     sysctl -qw net.ipv4.conf.eth0.rp_filter=1`,
  ),
  fault(
    "ttl-too-low",
    "a rule of mangle lets packets grow old at once",
    "iptables -t mangle -A PREROUTING -s 192.168.0.0/24 -j TTL --ttl-set 1",
  ),
  fault(
    "ttl-too-low",
    "ns1's packets die at the first router",
    "ip netns exec ns1 sysctl -qw net.ipv4.ip_default_ttl=1",
  ),
  // --- Firewalls -----------------------------------------------------------
  fault(
    "forward-policy-drop",
    "FORWARD drops, bridged packets are asked as well",
    `sysctl -qw net.bridge.bridge-nf-call-iptables=1
     iptables -P FORWARD DROP`,
  ),
  fault(
    "forward-policy-drop",
    "FORWARD drops",
    "iptables -P FORWARD DROP",
  ),
  fault(
    "forward-rule-drop",
    "a rule of FORWARD drops what comes from ns1",
    "iptables -A FORWARD -s 192.168.0.1/32 -j DROP",
  ),
  fault(
    "forward-rule-drop",
    "a rule behind two jumps rejects",
    `iptables -N ONE
     iptables -N TWO
     iptables -A FORWARD -m comment --comment "by hand" -j ONE
     iptables -A ONE -p icmp -j TWO
     iptables -A TWO -o eth0 -j REJECT`,
  ),
  fault(
    "return-not-accepted",
    "FORWARD lets requests out and no answer in",
    `iptables -P FORWARD DROP
     iptables -A FORWARD -s 192.168.0.0/24 -o eth0 -j ACCEPT`,
  ),
  fault(
    "other-backend-drop",
    "the legacy iptables drops by policy",
    "iptables-legacy -P FORWARD DROP",
    // Where an ordinary user may not read it, the doctor cannot either.
    { needs: "cat /proc/net/ip_tables_names" },
  ),
  fault(
    "other-backend-drop",
    "the legacy iptables drops by a rule",
    "iptables-legacy -A FORWARD -j DROP",
    // Where an ordinary user may not read it, the doctor cannot either.
    { needs: "cat /proc/net/ip_tables_names" },
  ),
  fault(
    "nftables-drop",
    "a chain of nftables drops by policy",
    `nft add table inet guard
     nft add chain inet guard pass { type filter hook forward priority 10 ; policy drop ; }`,
  ),
  fault(
    "nftables-drop",
    "a rule of nftables drops",
    `nft add table ip guard
     nft add chain ip guard pass { type filter hook forward priority -5 ; }
     nft add rule ip guard pass ip saddr { 192.168.0.1, 192.168.0.9 } drop`,
  ),
  fault(
    "nftables-drop",
    "nftables drops on the bridge",
    `nft add table bridge guard
     nft add chain bridge guard pass { type filter hook forward priority 0 ; }
     nft add rule bridge guard pass iifname br-veth1 oifname br-veth2 drop`,
  ),
  fault(
    "nftables-drop",
    "nftables drops as frames come in",
    `nft add table netdev guard
     nft add chain netdev guard in { type filter hook ingress device br-veth1 priority 0 ; }
     nft add rule netdev guard in ip saddr 192.168.0.1 drop`,
  ),
  fault(
    "nftables-drop",
    "nftables leaves ARP unanswered in ns2",
    `ip netns exec ns2 nft add table arp guard
     ip netns exec ns2 nft add chain arp guard in { type filter hook input priority 0 ; policy drop ; }
     ip -n ns1 neigh flush all
     ip -n ns2 neigh flush all`,
  ),
  fault(
    "nftables-drop",
    "a map of nftables drops",
    `nft add table inet guard
     nft add chain inet guard pass { type filter hook forward priority 0 ; }
     nft add rule inet guard pass ip saddr vmap { 192.168.0.0/25 : drop }`,
  ),
  fault(
    "nftables-drop",
    "a rule of nftables drops what NAT has rewritten",
    `nft add table ip late
     nft add chain ip late c { type filter hook postrouting priority 300 ; }
     nft add rule ip late c ip saddr 203.0.113.2 ip daddr 8.8.8.8 drop`,
  ),
  fault(
    "input-drop",
    "the machine takes no ping for itself",
    "iptables -A INPUT -p icmp -j DROP",
  ),
  fault("input-drop", "INPUT drops", "iptables -P INPUT DROP"),
  fault(
    "input-drop",
    "ns2 has a firewall of its own",
    "ip netns exec ns2 iptables -A INPUT -p icmp -m icmp --icmp-type 8 -j DROP",
  ),
  fault(
    "output-drop",
    "ns2 answers nobody",
    "ip netns exec ns2 iptables -A OUTPUT -p icmp -j DROP",
  ),
  fault(
    "output-drop",
    "ns1 lets nothing out",
    "ip netns exec ns1 iptables -P OUTPUT DROP",
  ),
  fault(
    "prerouting-drop",
    "a rule of raw drops before all else",
    "iptables -t raw -A PREROUTING -s 192.168.0.0/24 -d 8.8.8.8/32 -j DROP",
  ),
  fault(
    "postrouting-drop",
    "a rule of mangle drops after all else",
    "iptables -t mangle -A POSTROUTING -s 192.168.0.1/32 -j DROP",
  ),
  fault(
    "xfrm-blocks",
    "a policy of IPsec lets ns1 send nothing",
    "ip -n ns1 xfrm policy add src 192.168.0.1 dst 8.8.8.8 dir out action block",
    { needs: "ip xfrm policy" },
  ),
  fault(
    "xfrm-blocks",
    "a policy of IPsec lets the machine pass nothing on",
    "ip xfrm policy add src 192.168.0.0/24 dst 0.0.0.0/0 dir fwd action block",
    { needs: "ip xfrm policy" },
  ),
  fault(
    "echo-ignored",
    "ns2 does not answer pings",
    "ip netns exec ns2 sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
  ),
  fault(
    "rule-may-drop",
    "a rule drops by chance",
    "iptables -A FORWARD -m statistic --mode nth --every 1 --packet 0 -j DROP",
  ),
  // --- NAT -----------------------------------------------------------------
  fault(
    "masquerade-missing",
    "only a rule for another purpose is left",
    `iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE
     iptables -t nat -A POSTROUTING -s 192.168.0.1/32 -d 192.168.0.1/32 -p tcp -m tcp --dport 80 -j MASQUERADE`,
  ),
  fault(
    "masquerade-missing",
    "no rule for source NAT",
    "iptables -t nat -F POSTROUTING",
    { wish: { promised: "nat" } },
  ),
  fault(
    "masquerade-mismatch",
    "the uplink was renamed",
    `ip link set dev eth0 down
     ip link set dev eth0 name wan0
     ip link set dev wan0 up
     ip route add default via 203.0.113.1`,
  ),
  fault(
    "masquerade-mismatch",
    "the rule is for another network",
    `iptables -t nat -F POSTROUTING
     iptables -t nat -A POSTROUTING -s 192.168.9.0/24 -o eth0 -j MASQUERADE`,
    { wish: { promised: "nat" } },
  ),
  fault(
    "masquerade-mismatch",
    "the rule is for another uplink",
    `iptables -t nat -F POSTROUTING
     iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o wlan0 -j MASQUERADE`,
    { wish: { promised: "nat" } },
  ),
  fault(
    "masquerade-shadowed",
    "an earlier rule takes the packet out of NAT",
    "iptables -t nat -I POSTROUTING -s 192.168.0.0/24 -j ACCEPT",
  ),
  fault(
    "nat-too-early",
    "the bridge asks iptables before the router does",
    `sysctl -qw net.bridge.bridge-nf-call-iptables=1
     ip -n ns1 neigh replace 192.168.0.100 lladdr 02:00:00:00:00:64 dev ns-veth1 nud permanent
     ip link set dev rt-veth address 02:00:00:00:00:64`,
  ),
  fault(
    "conntrack-stale",
    "a ping from before the rule still goes on",
    `iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
     iptables -t nat -F POSTROUTING
     sh -c "ip netns exec ns1 ping -q -i 0.2 8.8.8.8 >/dev/null 2>&1 &"
     ip netns exec ns1 ping -q -c 3 -i 0.2 192.168.0.2
     iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE`,
  ),
  fault(
    "masquerade-too-wide",
    "the rule rewrites neighbours as well",
    `iptables -t nat -F POSTROUTING
     iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -j MASQUERADE`,
    { wish: { promised: "nat" } },
  ),
  fault(
    "masquerade-twice",
    "the rule is there twice",
    "iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE",
  ),
  fault(
    "snat-wrong",
    "the rule writes an address that nobody here has",
    "iptables -t nat -I POSTROUTING -s 192.168.0.0/24 -o eth0 -j SNAT --to-source 203.0.113.77",
  ),
  fault(
    "dnat-diverts",
    "a rule sends packets for 8.8.8.8 to ns2's network",
    "iptables -t nat -A PREROUTING -d 8.8.8.8/32 -j DNAT --to-destination 192.168.0.66",
  ),
  fault(
    "dnat-diverts",
    "ns1 itself sends packets for 8.8.8.8 elsewhere",
    "ip netns exec ns1 iptables -t nat -A OUTPUT -d 8.8.8.8/32 -j DNAT --to-destination 192.168.0.66",
  ),
  fault(
    "not-tracked",
    "a rule keeps packets out of connection tracking",
    "iptables -t raw -A PREROUTING -s 192.168.0.0/24 -j NOTRACK",
  ),
  // --- Environment, and what is beyond this machine --------------------------
  fault(
    "namespace-broken",
    "an empty file in the place of ns1",
    "umount /run/netns/ns1",
  ),
  fault("namespace-missing", "ns1 is deleted", "ip netns del ns1"),
  fault(
    "namespace-missing",
    "ns1 is deleted, a process keeps its network alive",
    `ip netns exec ns1 sh -c "sleep 600 >/dev/null 2>&1 &"
     ip netns del ns1`,
  ),
  fault(
    "target-unknown",
    "an address that the internet does not have",
    // A router may say "unreachable" only so often: this one as often as it likes.
    `ip netns exec outside sysctl -qw net.ipv4.ip_forward=1
     ip netns exec outside sysctl -qw net.ipv4.icmp_ratemask=0`,
    { wish: { from: { label: "ns1" }, to: "9.9.9.9" }, noFix: true },
  ),
  fault(
    "upstream-silent",
    "8.8.8.8 is gone",
    "ip netns exec outside sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
    { noFix: true },
  ),
  fault(
    "upstream-gateway-silent",
    "the machine's default route leads to nobody",
    "ip route replace default via 203.0.113.99",
    { noFix: true },
  ),
  fault(
    "upstream-gateway-silent",
    "marked packets are handed to nobody",
    `iptables -t mangle -A PREROUTING -s 192.168.0.0/24 -j MARK --set-mark 7
     ip rule add fwmark 7 table 77
     ip route add default via 203.0.113.77 table 77`,
    { noFix: true },
  ),
];
