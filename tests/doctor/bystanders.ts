/**
 * What else is on a machine beside the lab: none of it is the doctor's to touch.
 *
 *     isp2 ------ eth1   PC   docker0 ------ web
 *     192.0.2.1   192.0.2.2   172.17.0.1     172.17.0.2
 *
 * A second uplink with a worse metric and a table of its own, an engine's bridge,
 * container and chains, a host firewall, and a VPN's tunnel where there is one.
 */

import type { Setting } from "./network_state.ts";

/** Lines of a shell that make them; `tun0` is there already, or never will be. */
export const BYSTANDERS = `
ip -batch - <<'PC'
netns add isp2
netns add web
link add name eth1 type veth peer name isp1 netns isp2 index 99
addr add 192.0.2.2/24 dev eth1
link set dev eth1 up
route add default via 192.0.2.1 dev eth1 metric 500
route add default via 192.0.2.1 dev eth1 table 300
rule add priority 100 from 192.0.2.2 lookup 300
link add name docker0 type bridge
addr add 172.17.0.1/16 dev docker0
link set dev docker0 up
link add name vethweb type veth peer name eth0 netns web index 98
link set dev vethweb master docker0
link set dev vethweb up
PC
ip -n isp2 -batch - <<'ISP'
link set dev lo up
addr add 192.0.2.1/24 dev isp1
link set dev isp1 up
route add 192.168.0.0/24 via 192.0.2.2
ISP
ip -n web -batch - <<'WEB'
link set dev lo up
addr add 172.17.0.2/16 dev eth0
link set dev eth0 up
route add default via 172.17.0.1
WEB
sysctl -qw net.ipv4.conf.eth1.rp_filter=1
iptables-restore --noflush <<'RULES'
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
COMMIT
*filter
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:ufw-user-forward - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 -j ACCEPT
-A FORWARD -j ufw-user-forward
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A ufw-user-forward -d 198.18.0.0/15 -j DROP
COMMIT
RULES
if [ -e /sys/class/net/tun0 ]; then
  ip route add 10.9.0.0/16 via 10.8.0.1
fi
if command -v nft >/dev/null; then
  nft -f - <<'FIREWALLD'
table inet firewalld {
  chain filter_FORWARD {
    type filter hook forward priority 10
    ip saddr 198.18.0.0/15 drop
  }
}
FIREWALLD
fi
`;

/** What commands call them, and the state of the network, see network_state.ts. */
const NAMES =
  /^(web|isp2): |(netns exec|-n) (web|isp2)\b|\b(eth1|docker0|vethweb|tun0|DOCKER\S*|ufw-\S+|firewalld)\b|\b(192\.0\.2|172\.17\.0|10\.[89]\.0)\.|\btable 300\b|: rule 100$/;

/** Whether something that is set is a bystander's. */
export function isBystanders({ object, text }: Setting): boolean {
  return NAMES.test(object) || NAMES.test(text);
}
