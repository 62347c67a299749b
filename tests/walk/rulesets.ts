/**
 * Rulesets that no grammar made: those of engines and firewall managers, in a
 * network as an engine makes it. Two containers, `web` and `c2`, are on a bridge.
 */

import { ROOT } from "../../vm/path.ts";
import type { Question, RandomNetwork } from "./network.ts";

/** What engines make: a bridge with the gateway's address, and containers on it. */
const NETWORK = [
  "ip link add name net0 type bridge",
  "ip addr add 172.17.0.1/16 dev net0",
  "ip link set dev net0 up",
  ...["web", "c2"].flatMap((name, i) => [
    `ip netns add ${name}`,
    `ip link add name v${name} type veth peer name eth0 netns ${name}`,
    `ip link set dev v${name} master net0`,
    `ip link set dev v${name} up`,
    `ip -n ${name} link set dev lo up`,
    `ip -n ${name} addr add 172.17.0.${i + 2}/16 dev eth0`,
    `ip -n ${name} link set dev eth0 up`,
    `ip -n ${name} route add default via 172.17.0.1`,
  ]),
  "sysctl -qw net.ipv4.ip_forward=1",
  // Somebody outside who knows where the containers are.
  "ip -n outside route add 172.17.0.0/16 via 203.0.113.2",
];

/** From inside, from outside, to published ports and past them. */
const QUESTIONS: Question[] = [
  { from: "web", to: "8.8.8.8", protocol: "icmp" },
  { from: "web", to: "8.8.8.8", protocol: "tcp", port: 80 },
  { from: "c2", to: "172.17.0.2", protocol: "icmp" },
  { from: "c2", to: "172.17.0.2", protocol: "tcp", port: 80 },
  { from: "c2", to: "172.17.0.2", protocol: "udp", port: 53 },
  { from: "c2", to: "172.17.0.1", protocol: "udp", port: 53 },
  { from: "c2", to: "203.0.113.2", protocol: "tcp", port: 8080 },
  { from: "c2", to: "10.96.0.10", protocol: "tcp", port: 80 },
  { from: "c2", to: "10.96.0.99", protocol: "tcp", port: 80 },
  { from: "", to: "172.17.0.2", protocol: "tcp", port: 80 },
  { from: "", to: "203.0.113.2", protocol: "tcp", port: 8080 },
  { from: "", to: "10.96.0.10", protocol: "tcp", port: 80 },
  { from: "outside", to: "203.0.113.2", protocol: "icmp" },
  { from: "outside", to: "203.0.113.2", protocol: "tcp", port: 8080 },
  { from: "outside", to: "203.0.113.2", protocol: "tcp", port: 80 },
  { from: "outside", to: "203.0.113.2", protocol: "udp", port: 53 },
  { from: "outside", to: "172.17.0.2", protocol: "tcp", port: 80 },
  { from: "outside", to: "172.17.0.3", protocol: "icmp" },
];

/** Each with bridges that ask the firewall, and with bridges that do not. */
export function rulesetNetworks(): RandomNetwork[] {
  const folder = `${ROOT}tests/walk/rulesets/`;
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return files.flatMap((name) =>
    [0, 1].map((asks) => ({
      seed: 0,
      name: asks ? `${name}, bridges ask` : name,
      commands: [
        ...NETWORK,
        `sysctl -qw net.bridge.bridge-nf-call-iptables=${asks} || test ${asks} = 0`,
        name.endsWith(".nft")
          ? `nft -f ${folder}${name}`
          : `iptables-restore -n ${folder}${name}`,
      ],
      questions: QUESTIONS,
    }))
  );
}
