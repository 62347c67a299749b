/** Random networks: a topology, what is broken in it, and rules. */

import { quotedLine, shellWords } from "../../lib/cli/shell.ts";
import { faults } from "../doctor/faults.ts";
import { Random } from "./random.ts";
import { randomRules } from "./rules.ts";

/** A network, as the commands that make it, and what to ask it. */
export interface RandomNetwork {
  /** The seed that it was made from. */
  seed: number;
  /** What it is called instead, where it is none of chance. */
  name?: string;
  /** Lines of shell, run in a fresh sandbox one after the other. */
  commands: string[];
  /** Who asks for what. */
  questions: Question[];
}

/** A probe: what is sent, from where. */
export interface Question {
  /** A namespace; "" is the machine. */
  from: string;
  /** An address. */
  to: string;
  protocol: "icmp" | "tcp" | "udp";
  /** Of TCP and UDP. */
  port?: number;
}

/** Ports that programs listen on in every namespace, and one that none does. */
export const PORTS = [80, 53, 81] as const;

/** The network of a seed. */
export function randomNetwork(seed: number): RandomNetwork {
  const random = new Random(seed);
  const { commands, namespaces, targets } = random.percent(60)
    ? lab(random)
    : bridges(random);
  return {
    seed,
    commands: [
      ...commands,
      ...randomRules(random, random.below(4), namespaces),
    ],
    questions: Array.from({ length: 6 }, () => {
      const protocol = random.one(["icmp", "tcp", "udp"] as const);
      return {
        from: random.one([...namespaces, ...namespaces, ""]),
        to: random.one(targets),
        protocol,
        ...protocol === "icmp" ? {} : { port: random.one(PORTS) },
      };
    }),
  };
}

interface Topology {
  commands: string[];
  namespaces: string[];
  targets: string[];
}

/** The lab, with up to two of the faults that the doctor knows. */
function lab(random: Random): Topology {
  const broken = Array.from(
    { length: random.one([0, 1, 1, 2]) },
    () =>
      random.one(faults.filter(({ needs }) => !needs)).break
        .map((line) => quotedLine(shellWords(line))),
  ).flat();
  return {
    commands: ["lab", ...broken],
    namespaces: ["ns1", "ns2"],
    targets: [
      "192.168.0.1",
      "192.168.0.2",
      "192.168.0.100",
      "8.8.8.8",
      "203.0.113.1",
      "203.0.113.2",
    ],
  };
}

/** One or two bridges with an address each, and namespaces on them. */
function bridges(random: Random): Topology {
  const commands: string[] = [];
  const namespaces: string[] = [];
  const targets = ["8.8.8.8", "203.0.113.1", "203.0.113.2"];
  const count = 1 + random.below(2);
  for (let b = 1; b <= count; b++) {
    const net = `10.${b}.0`;
    commands.push(
      `ip link add name sw${b} type bridge`,
      `ip addr add ${net}.254/24 dev sw${b}`,
      `ip link set dev sw${b} up`,
    );
    targets.push(`${net}.254`);
    for (let n = 1 + random.below(2); n > 0; n--) {
      const name = `c${b}${n}`;
      namespaces.push(name);
      targets.push(`${net}.${n}`);
      commands.push(
        `ip netns add ${name}`,
        `ip link add name v${name} type veth peer name eth0 netns ${name}`,
        `ip link set dev v${name} master sw${b}`,
        `ip link set dev v${name} up`,
        `ip -n ${name} link set dev lo up`,
        `ip -n ${name} addr add ${net}.${n}/24 dev eth0`,
        `ip -n ${name} link set dev eth0 up`,
      );
      if (random.percent(85)) {
        commands.push(`ip -n ${name} route add default via ${net}.254`);
      }
    }
  }
  if (random.percent(80)) commands.push("sysctl -qw net.ipv4.ip_forward=1");
  if (random.percent(75)) {
    commands.push("iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE");
  }
  if (random.percent(15)) {
    commands.push("sysctl -qw net.bridge.bridge-nf-call-iptables=1");
  }
  for (let i = random.below(2); i > 0; i--) {
    const name = random.one(namespaces);
    commands.push(random.one([
      `ip link set dev v${name} down`,
      `ip -n ${name} link set dev eth0 down`,
      `ip -n ${name} link set dev eth0 down`,
      `ip link set dev v${name} nomaster`,
      namespaces.map((each) => `bridge link set dev v${each} isolated on`)
        .join("\n"),
      `ip -n ${name} route replace default via ${
        random.one(["10.1.0.77", "10.1.0.1"])
      } onlink dev eth0`,
      `ip -n ${name} route add blackhole 8.8.8.8`,
      `ip -n ${name} route add prohibit 10.2.0.0/24`,
      `ip route add unreachable 8.8.8.8`,
      `sysctl -qw net.ipv4.conf.all.rp_filter=1`,
      `ip netns exec ${name} sysctl -qw net.ipv4.icmp_echo_ignore_all=1`,
      `sysctl -qw net.ipv4.conf.eth0.forwarding=0`,
      `ip link set dev eth0 mtu 1280`,
      `ip rule add from 10.1.0.0/24 to 8.8.8.8 prohibit`,
      `ip -n ${name} link set dev lo down`,
    ]));
  }
  return { commands, namespaces, targets };
}
