/** Fixes that do harm: none is printed, and none is run. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import type { Diagnosis } from "../../lib/doctor/diagnosis.ts";
import { task } from "../../scripts/tasks/doctor.ts";
import { fixPath, isInstalled } from "../../vm/path.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";
import { makeTunnel, sh } from "./tunnel.ts";

fixPath();
const hasNft = isInstalled("nft");

/** A finished lab, with what VPNs and engines leave on a machine beside it. */
async function crowdedMachine(): Promise<Throwaway> {
  const lab = await throwaway();
  await lab.task("stage:nat --quiet");
  if (await makeTunnel(lab)) {
    await sh(
      lab,
      `ip route add 10.9.0.0/16 via 10.8.0.1
      ip route add default dev tun0 table 51820`,
    );
  }
  await sh(
    lab,
    `
    ip route add blackhole default table 51820 metric 9
    ip rule add priority 5210 fwmark 0x80000/0xff0000 unreachable
    ip rule add priority 5211 from 192.168.0.0/24 to 10.9.0.0/16 prohibit
    ip rule add priority 100 from 203.0.113.2 lookup 100
    ip route add default via 203.0.113.1 table 100
    ip route add blackhole 10.244.1.0/26 proto bird
    ip route add 10.1.0.0/16 via 203.0.113.1 proto dhcp
    ip link add name docker0 type bridge
    ip addr add 172.17.0.1/16 dev docker0
    ip link set dev docker0 up
    ip link add name vethc type veth peer name eth0 netns ns2
    ip link set dev vethc master docker0
    ip link add name mybridge type bridge
    ip link add name l0 type veth peer name l1
    ip link set dev l1 master br0
    iptables -N DOCKER
    iptables -N DOCKER-USER
    iptables -N DOCKER-ISOLATION-STAGE-1
    iptables -A FORWARD -j DOCKER-USER
    iptables -A FORWARD -j DOCKER-ISOLATION-STAGE-1
    iptables -A FORWARD -o docker0 -j DOCKER
    iptables -A FORWARD -o mybridge -j DOCKER
    iptables -A FORWARD -i mybridge ! -o mybridge -j ACCEPT
    iptables -A DOCKER-ISOLATION-STAGE-1 ! -s 172.18.0.0/16 -o docker0 -j DROP
    iptables -A FORWARD -s 192.168.0.1 -j DROP
    iptables -A FORWARD -m comment --comment "cali:x" -j DROP
    iptables -A DOCKER-USER -i docker0 -o eth0 -j REJECT
    iptables -t raw -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
    iptables -t nat -A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
    `,
  );
  if (hasNft) {
    await sh(
      lab,
      `
    nft add table inet firewalld
    nft add chain inet firewalld filter_FORWARD { type filter hook forward priority 10 \\; }
    nft add rule inet firewalld filter_FORWARD ip saddr 192.168.9.9 drop
    nft add table inet own
    nft add chain inet own pass { type filter hook forward priority 11 \\; }
    nft add rule inet own pass ip saddr 192.168.9.9 drop
      `,
    );
  }
  return lab;
}

/** What harms: one fix a line, its steps apart by ` && `. */
const HARMFUL = `
  ip route del 203.0.113.0/24 dev eth0
  ip route del 192.168.0.0/24 dev rt-veth
  ip netns exec ns1 ip route del 192.168.0.0/24 dev ns-veth1
  ip -n ns1 route del 192.168.0.0/24 dev ns-veth1
  ip route del 10.8.0.0/24 dev tun0
  ip route del 10.9.0.0/16 via 10.8.0.1 dev tun0
  ip route del default via 203.0.113.1 dev eth0
  ip route del default
  ip route del default dev tun0 table 51820
  ip route del default via 203.0.113.1 table 100
  ip route del blackhole default table 51820
  ip route del blackhole 10.244.1.0/26
  ip route del 10.1.0.0/16 via 203.0.113.1 dev eth0
  ip netns exec ns1 ip route del default via 192.168.0.100 dev ns-veth1
  ip route flush table main
  ip route flush dev eth0
  ip route replace default via 192.168.0.100 dev rt-veth
  ip route replace default via 203.0.113.7 dev eth0
  ip route change default via 203.0.113.7
  ip route add default via 203.0.113.7 dev eth0
  ip route add 203.0.113.0/24 dev rt-veth
  ip rule del priority 100
  ip rule del priority 5210
  ip rule del priority 5211
  ip rule del priority 32766
  ip rule del from 203.0.113.2 lookup 100
  ip rule flush
  ip addr del 203.0.113.2/24 dev eth0
  ip addr del 203.0.113.2/24 dev eth0 && ip addr add 203.0.113.2/24 dev br0
  ip addr add 203.0.113.2/24 dev br0
  ip addr add 203.0.113.9/24 dev eth0
  ip addr flush dev eth0
  ip addr del 10.8.0.2/24 dev tun0
  ip addr del 127.0.0.1/8 dev lo
  ip addr del 172.17.0.1/16 dev docker0
  ip addr del 172.17.0.1/16 dev docker0 && ip addr add 172.17.0.1/16 dev br0
  ip addr del 192.168.0.100/24 dev br0
  ip netns exec ns1 ip addr del 127.0.0.1/8 dev lo
  ip netns exec ns1 ip addr del 192.168.0.1/24 dev ns-veth1
  ip link set dev eth0 down
  ip link set eth0 down
  ip link set dev rt-veth down
  ip link set dev eth0 master br0
  ip link set dev eth0 netns ns1
  ip link set dev eth0 mtu 1280
  ip link set dev eth0 address 02:00:00:00:00:01
  ip link set dev eth0 name wan0
  ip link set dev tun0 arp on
  ip link set dev tun0 down
  ip link set dev rt-veth master br0
  ip link set dev l0 master br0
  ip link set dev vethc master br0
  ip link set dev vethc nomaster
  ip link set dev br-veth1 nomaster
  ip link del dev eth0
  ip link del eth0
  ip link del dev br0
  ip link del dev docker0
  ip link del dev tun0
  ip netns del ns1
  ip -all netns del
  ip netns exec ns1 sh -c id
  bridge link set dev vethc isolated off
  bridge link set dev vethc locked off
  bridge vlan del dev br-veth1 vid 1
  sysctl -w net.bridge.bridge-nf-call-iptables=0
  sysctl -w net.ipv4.ip_forward=0
  sysctl -w kernel.core_pattern=x
  sysctl -p /run/x
  tc qdisc del dev eth0 root
  conntrack -F
  conntrack -D
  iptables -F
  iptables -F FORWARD
  iptables -X
  iptables -P FORWARD ACCEPT
  iptables -t nat -F
  iptables -D FORWARD -j DOCKER-USER
  iptables -D FORWARD -j DOCKER-ISOLATION-STAGE-1
  iptables -D FORWARD -o docker0 -j DOCKER
  iptables -D FORWARD -i mybridge ! -o mybridge -j ACCEPT
  iptables -D FORWARD -m comment --comment cali:x -j DROP
  iptables -D FORWARD -j KUBE-FORWARD
  iptables -D FORWARD -i virbr0 -j REJECT
  iptables -D FORWARD -i wg0 -j DROP
  iptables -D FORWARD -i tailscale0 -j MARK --set-xmark 0x40000/0xff0000
  iptables -D KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP
  iptables -D ufw-user-forward -j DROP
  iptables -D ts-forward -o tailscale0 -s 100.64.0.0/10 -j DROP
  iptables -D LIBVIRT_FWI -o virbr0 -j REJECT
  iptables -D NETAVARK_FORWARD -d 10.89.0.0/24 -j ACCEPT
  iptables -D CNI-ISOLATION-STAGE-2 -o cni-podman1 -j DROP
  iptables -D FWDI_public -j REJECT
  iptables -D DOCKER-ISOLATION-STAGE-1 ! -s 172.18.0.0/16 -o docker0 -j DROP
  iptables -t raw -D PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
  iptables -t nat -D POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
  iptables -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE && iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o br0 -j MASQUERADE
  iptables-legacy -D FORWARD -o docker0 -j DOCKER
  iptables -A DOCKER -j ACCEPT
  iptables -I FORWARD -j DROP
  nft flush ruleset
  nft delete table inet firewalld
  nft delete rule inet firewalld filter_FORWARD handle 2
  nft add rule inet firewalld filter_FORWARD ip saddr 192.168.0.0/24 accept
  nft insert rule ip kube-proxy filter-forward accept
  nft delete rule ip docker-bridges filter-forward handle 7
  nft delete table inet own
  ip xfrm policy flush
  ip xfrm state flush
  reboot
  systemctl restart docker
`.trim().split("\n").map((line) => line.trim().split(" && "));

/** What is like it, and does none. */
const HARMLESS = `
  ip link set dev br-veth1 master br0
  ip link set dev br-veth1 up
  ip link set dev eth0 up
  ip link set dev eth0 nomaster
  ip netns exec ns1 ip link set dev ns-veth1 arp on
  ip netns exec ns1 ip route add 10.1.1.0/24 via 192.168.0.2
  ip netns exec ns1 ip route replace default via 192.168.0.100 dev ns-veth1
  ip addr del 192.168.0.100/24 dev rt-veth && ip addr add 192.168.0.100/25 dev rt-veth
  ip netns exec ns1 ip addr add 192.168.0.9/24 dev ns-veth1
  sysctl -w net.ipv4.ip_forward=1
  sysctl -w net.ipv4.conf.eth0.rp_filter=2
  iptables -D FORWARD -s 192.168.0.1/32 -j DROP
  iptables -D DOCKER-USER -i docker0 -o eth0 -j REJECT
  iptables -A FORWARD -s 192.168.0.0/24 -j ACCEPT
  iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE
  iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -o eth0 -j MASQUERADE && iptables -t nat -A POSTROUTING -s 192.168.0.0/25 -o eth0 -j MASQUERADE
  nft delete rule inet own pass handle 2
  conntrack -D -s 192.168.0.1
  ip neigh flush dev rt-veth
`.trim().split("\n").map((line) => line.trim().split(" && "));

Deno.test("doctor: holds back every fix that would do harm, and no other", async () => {
  await using lab = await crowdedMachine();
  const hasTunnel = (await lab.run("ip link show dev tun0")).code === 0;
  const harmful = HARMFUL.filter((fix) =>
    (hasTunnel || !/tun0|51820|5211/.test(fix.join())) &&
    (hasNft || !/^nft /.test(fix[0]))
  );
  const harmless = HARMLESS.filter((fix) => hasNft || !/^nft /.test(fix[0]));
  const all = [...harmful, ...harmless];
  const { stdout, stderr } = await lab.script(
    "tests/doctor/harm.ts",
    [JSON.stringify(all)],
    task.needs,
  );
  assertEquals(stderr, "");
  const harms: ({ why: string; look: string[] } | null)[] = JSON.parse(stdout);
  const passed = harmful.filter((_, i) => harms[i] === null);
  const held = harmless.filter((_, i) => harms[harmful.length + i] !== null);
  assertEquals([passed, held], [[], []]);
  for (const harm of harms) {
    if (!harm) continue;
    assert(harm.look.length > 0 && !/\.$/.test(harm.why), harm.why);
  }
});

/** Asks, lets all be run that is offered, and asks what is left of it. */
async function mend(lab: Throwaway, question: string): Promise<Diagnosis> {
  // IPv6 addresses come and go by themselves while the kernel looks for doubles.
  const state = async () =>
    (await lab.run("ip -4 -o addr show")).stdout +
    (await lab.run("ip -4 route show table all")).stdout +
    (await lab.run("ip rule show")).stdout +
    (await lab.run("iptables-save")).stdout.replace(/^[#:].*\n/gm, "");
  const { stdout } = await lab.task(`doctor ${question} --json`);
  const said: Diagnosis = JSON.parse(stdout);
  if (said.cause?.fix.length) return said;
  const before = await state();
  const { code } = await lab.task(`doctor ${question} --fix --yes`);
  assertEquals([code, await state()], [1, before]);
  return said;
}

async function lab(): Promise<Throwaway> {
  const lab = await throwaway();
  assertEquals((await lab.task("stage:nat --quiet")).code, 0);
  return lab;
}

Deno.test("doctor: an address that nobody has is nobody's fault here", async () => {
  await using machine = await lab();
  const { cause, further } = await mend(machine, "ns1 192.168.0.77");
  assertEquals([cause?.code, cause?.fix, further], [
    "neighbour-silent",
    [],
    [],
  ]);
  assertMatch(cause!.evidence[0].line, /192\.168\.0\.77 .*(FAILED|INCOMPLETE)/);
  // Once more, with the entry of the first time still there.
  const again = await mend(machine, "ns1 192.168.0.77 --no-probe");
  assertEquals(again.cause?.code, "neighbour-silent");
});

Deno.test("doctor: policy routing costs a machine neither address nor rule", async () => {
  await using machine = await lab();
  await sh(
    machine,
    `ip rule add from 203.0.113.2 lookup 100
    ip route add default via 203.0.113.1 table 100`,
  );
  const { cause } = await mend(machine, "ns1 203.0.113.2");
  assertEquals([cause?.code, cause?.fix], ["subnet-elsewhere", []]);
  assertMatch(
    cause!.evidence.map(({ line }) => line).join("\n"),
    /from 203\.0\.113\.2 lookup 100/,
  );
});

Deno.test("doctor: what Docker keeps apart is not joined by deleting its rule", async () => {
  await using machine = await lab();
  await sh(
    machine,
    `iptables -N DOCKER-ISOLATION-STAGE-1
    iptables -I FORWARD -j DOCKER-ISOLATION-STAGE-1
    iptables -A DOCKER-ISOLATION-STAGE-1 -s 192.168.0.0/24 ! -o br0 -j DROP`,
  );
  const { cause } = await mend(machine, "ns1 8.8.8.8");
  assertEquals([cause?.code, cause?.fix], ["forward-rule-drop", []]);
  assertMatch(cause!.noFix!, /Docker.*docker network connect/);
  const { stdout } = await machine.task("doctor ns1 8.8.8.8 --no-probe");
  assertMatch(stdout, /Look {3}\$ iptables -S DOCKER-ISOLATION-STAGE-1/);
  assertEquals(/^ {2}Fix/m.test(stdout), false);
});

/** Whether we may make tunnels. */
const mayTunnel = (await run(["sh", "-c", ": <>/dev/net/tun"])).code === 0;

const testTunnel = mayTunnel ? Deno.test : Deno.test.ignore;
const why = mayTunnel ? "" : " (not here: /dev/net/tun cannot be opened)";

testTunnel(`doctor: a tunnel needs no ARP${why}`, async () => {
  await using machine = await lab();
  assert(await makeTunnel(machine));
  await sh(
    machine,
    `ip route replace default dev tun0
    sysctl -qw net.ipv4.ip_forward=0`,
  );
  const { cause, further } = await mend(machine, "ns1 8.8.8.8 --no-probe");
  const codes = [cause, ...further].map((each) => each?.code);
  // Nobody holds the tunnel's other end: so it has no carrier either.
  assertEquals(
    [codes.includes("forwarding-off"), codes.includes("arp-off")],
    [true, false],
  );
});

Deno.test("doctor: an address of one's own is reached by lo, and never taken away", async () => {
  await using machine = await lab();
  await machine.run("ip -n ns1 link set dev lo down");
  const { cause } = await mend(machine, "ns1 192.168.0.1");
  assertEquals([cause?.code, cause?.fix], [
    "loopback-down",
    ["ip netns exec ns1 ip link set dev lo up"],
  ]);
});
