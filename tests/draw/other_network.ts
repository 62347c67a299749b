/** A network that is not the lab's: another bridge, three namespaces, strays. */

import { assertEquals } from "@std/assert";
import type { Snapshot } from "../../lib/net/snapshot.ts";
import type { Throwaway } from "../throwaway.ts";

const COMMANDS = `
ip netns add red
ip netns add green
ip netns add blue
ip link add name cni0 type bridge
ip link set dev cni0 up
ip addr add 10.1.0.254/24 dev cni0
ip link add name vred type veth peer name eth0 netns red
ip link add name vgreen type veth peer name eth0 netns green
ip link add name vblue type veth peer name eth0 netns blue
ip link set dev vred master cni0 up
ip link set dev vgreen master cni0 up
ip link set dev vblue master cni0
ip -n red link set dev lo up
ip -n red link set dev eth0 up
ip -n green link set dev eth0 up
ip -n blue link set dev eth0 up
ip -n red addr add 10.1.0.1/24 dev eth0
ip -n green addr add 10.1.0.2/24 dev eth0
ip -n blue addr add 10.1.0.3/24 dev eth0
ip -n red route add default via 10.1.0.254
ip link add name lonely type veth peer name alone
ip link add name empty type bridge
sysctl -qw net.ipv4.ip_forward=1
sysctl -qw net.ipv6.conf.all.disable_ipv6=1
for each in red green blue outside; do
  ip netns exec $each sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done
iptables -t nat -A POSTROUTING -s 10.1.0.0/24 ! -o cni0 -j MASQUERADE
`;

/** Builds it in a sandbox and reads it. */
export async function otherNetwork(lab: Throwaway): Promise<Snapshot> {
  const { code, stderr } = await lab.exec(["sh", "-e", "-s"], COMMANDS);
  assertEquals([code, stderr], [0, ""]);
  return await lab.snapshot();
}
