/** Random rules of iptables and nftables. */

import type { Random } from "./random.ts";

/** So many rules, as commands, in the machine or in one of its namespaces. */
export function randomRules(
  random: Random,
  count: number,
  namespaces: readonly string[],
): string[] {
  const commands: string[] = [];
  if (random.percent(10)) commands.push(...marking(random, namespaces));
  if (random.percent(25)) commands.push(...idiom(random));
  for (let i = 0; i < count; i++) {
    const where = random.percent(75) ? "" : random.one(namespaces);
    const enter = where ? `ip netns exec ${where} ` : "";
    commands.push(
      ...(random.percent(50) ? iptables : nft)(random, i)
        .map((line) => enter + line),
    );
  }
  return commands;
}

/** A mark that a namespace writes, and that its machine asks for in vain. */
function marking(random: Random, namespaces: readonly string[]): string[] {
  const name = random.one(namespaces);
  return [
    `ip netns exec ${name} iptables -t mangle -A OUTPUT -j MARK --set-mark 5`,
    `iptables -A ${random.one(["FORWARD", "INPUT"])} -m mark --mark 5 -j DROP`,
  ];
}

/** Rules whose order, or whose kind of leaving a chain, decides by itself. */
function idiom(random: Random): string[] {
  const chain = random.one(["INPUT", "FORWARD", "FORWARD", "OUTPUT"]);
  const protocol = random.one(["", "-p icmp ", "-p tcp "]);
  return random.one([
    // Whoever goes to a chain does not come back behind the rule.
    () => [
      "iptables -N GO",
      `iptables -A ${chain} ${protocol}-g GO`,
      `iptables -A ${chain} ${protocol}-j DROP`,
    ],
    // Whoever returns does.
    () => [
      "iptables -N BACK",
      `iptables -A BACK ${protocol}-j RETURN`,
      "iptables -A BACK -j ACCEPT",
      `iptables -A ${chain} -j BACK`,
      `iptables -A ${chain} ${protocol}-j DROP`,
    ],
    // A question is no answer, and neither is a timestamp.
    () => [
      `iptables -A ${chain} -p icmp --icmp-type ${
        random.one([0, 8, 13, "3/3"])
      } -j DROP`,
    ],
  ])();
}

const ADDRESSES = [
  "192.168.0.1",
  "192.168.0.2",
  "192.168.0.100",
  "192.168.0.0/24",
  "10.1.0.1",
  "10.1.0.0/24",
  "10.2.0.0/16",
  "10.0.0.0/8",
  "8.8.8.8",
  "203.0.113.0/24",
  "0.0.0.0/1",
];

const LINKS = ["eth0", "br0", "rt-veth", "sw1", "sw2", "sw+", "lo", "vc11"];

function iptables(random: Random, i: number): string[] {
  const table = random.one([
    "filter",
    "filter",
    "filter",
    "mangle",
    "raw",
    "nat",
  ]);
  const chains: Record<string, string[]> = {
    filter: ["INPUT", "FORWARD", "FORWARD", "OUTPUT"],
    mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
    raw: ["PREROUTING", "OUTPUT"],
    nat: ["PREROUTING", "POSTROUTING", "OUTPUT"],
  };
  const chain = random.one(chains[table]);
  const program = table === "filter" ? "iptables" : `iptables -t ${table}`;
  const matches = matchesOf(random, chain, table === "raw");
  if (table === "nat") {
    const target = chain === "POSTROUTING"
      ? random.one(["MASQUERADE", "ACCEPT", "RETURN"])
      : random.one([
        "DNAT --to-destination 192.168.0.2",
        "DNAT --to-destination 10.1.0.1",
        "ACCEPT",
        "REDIRECT",
      ]);
    return [`${program} -I ${chain} ${matches} -j ${target}`];
  }
  const targets = ["DROP", "DROP", "ACCEPT", "RETURN"];
  if (table === "filter") targets.push("REJECT");
  if (table === "mangle") targets.push("MARK --set-xmark 0x5/0xff");
  if (table === "raw") targets.push("NOTRACK");
  const target = random.one(targets);
  if (table === "filter" && random.percent(35)) {
    return [
      `iptables -N U${i}`,
      ...random.percent(60)
        ? [`iptables -A U${i} ${matchesOf(random, chain, false)} -j ${target}`]
        : [],
      `iptables -I ${chain} ${matches} ${random.one(["-j", "-g"])} U${i}`,
      ...random.percent(60) ? [`iptables -A ${chain} -j DROP`] : [],
      ...random.percent(40) ? [`iptables -P ${chain} DROP`] : [],
    ];
  }
  if (table === "filter" && random.percent(25)) {
    return [
      `iptables -P ${chain} DROP`,
      `iptables -A ${chain} ${matches} -j ACCEPT`,
      ...random.percent(60)
        ? [
          `iptables -A ${chain} -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`,
        ]
        : [],
    ];
  }
  return [`${program} -A ${chain} ${matches} -j ${target}`];
}

function matchesOf(random: Random, chain: string, isRaw: boolean): string {
  const has = (hooks: string) => hooks.split(" ").includes(chain);
  const all = [
    () => `${not(random)}-s ${random.one(ADDRESSES)}`,
    () => `${not(random)}-d ${random.one(ADDRESSES)}`,
    () => "-p icmp",
    () => "! -p tcp",
    () => `-p tcp --dport ${random.one([80, 53, "1:60", 443])}`,
    () => `-p tcp ! --dport ${random.one([80, 53])}`,
    () => `-p udp ! --dport ${random.one([80, 53])}`,
    () =>
      `-p icmp --icmp-type ${random.one(["8", "0", "echo-request", "any"])}`,
    () => `-m addrtype --dst-type ${random.one(["LOCAL", "UNICAST"])}`,
    () => `-m ttl --ttl-lt ${random.one([64, 65, 63])}`,
    () => "-m mark --mark 0x5/0x5",
    () => "! -f",
    () => `-m length --length ${random.one(["84", "0:83", "60:"])}`,
    () => "-m limit --limit 1/hour --limit-burst 1",
    ...isRaw ? [] : [
      () =>
        `-m conntrack ${not(random)}--ctstate ${
          random.one(["NEW", "ESTABLISHED", "NEW,ESTABLISHED", "INVALID"])
        }`,
    ],
    ...has("INPUT FORWARD PREROUTING")
      ? [() => `${not(random)}-i ${random.one(LINKS)}`]
      : [],
    ...has("OUTPUT FORWARD POSTROUTING")
      ? [() => `${not(random)}-o ${random.one(LINKS)}`]
      : [],
  ];
  const some = new Map<string, string>();
  for (let n = random.below(3); n > 0; n--) {
    const text = random.one(all)();
    // One of a kind: a second -s would be refused.
    const kind = /-p /.test(text) ? "-p" : text.match(/--?\w[\w-]*/)![0];
    if (![...some.keys()].includes(kind)) some.set(kind, text);
  }
  return [...some.values()].join(" ");
}

const not = (random: Random): string => random.percent(25) ? "! " : "";

function nft(random: Random, i: number): string[] {
  const hook = random.one([
    "prerouting",
    "input",
    "forward",
    "forward",
    "output",
    "postrouting",
  ]);
  const priority = random.one([-310, -150, -50, 0, 10, 150]);
  const family = random.one(["ip", "inet"]);
  const policy = random.percent(15) ? "drop" : "accept";
  const name = `t${i}`;
  const lines = [
    `add table ${family} ${name}`,
    `add chain ${family} ${name} c { type filter hook ${hook} priority ${priority} ; policy ${policy} ; }`,
    `add chain ${family} ${name} d`,
    `add rule ${family} ${name} d ${nftMatch(random)} drop`,
    `add set ${family} ${name} s { type ipv4_addr ; flags interval ; elements = { 192.168.0.1, 10.1.0.0/24 } }`,
  ];
  for (let n = 1 + random.below(2); n > 0; n--) {
    lines.push(
      `add rule ${family} ${name} c ${nftMatch(random)} ${
        random.one([
          "drop",
          "accept",
          "jump d",
          "goto d",
          "counter",
          "meta mark set 5",
          "return",
          ...["input", "forward", "output"].includes(hook) ? ["reject"] : [],
        ])
      }`,
    );
  }
  if (random.percent(20)) {
    lines.push(
      `add rule ${family} ${name} c ${
        random.one(["ip saddr", "ip daddr"])
      } vmap { ${random.one(ADDRESSES.slice(0, 3))} : ${
        random.one(["drop", "accept", "jump d"])
      }, 8.8.8.8 : ${random.one(["drop", "continue", "return"])} }`,
    );
  }
  return [`nft '${lines.join("\n")}'`];
}

function nftMatch(random: Random): string {
  const address = () => random.one(ADDRESSES);
  return random.one([
    () => `ip saddr ${address()}`,
    () => `ip daddr != ${address()}`,
    () => "ip saddr @s",
    () => "ip daddr != @s",
    () => `iifname ${random.one(["eth0", "br0", "lo", '"sw*"'])}`,
    () => `oifname != ${random.one(["eth0", "br0", "rt-veth"])}`,
    () => "icmp type echo-request",
    () => "icmp type { echo-reply, destination-unreachable }",
    () => "meta l4proto { tcp, udp }",
    () => `tcp dport ${random.one(["80", "{ 53, 80 }", "!= 80", "1-100"])}`,
    () => `udp dport ${random.one(["53", "!= 53"])}`,
    () => `th dport ${random.one(["80", "53"])}`,
    () => "tcp flags & (syn | ack) == syn",
    () => `ct state ${random.one(["new", "established", "{ new, related }"])}`,
    () => "ct state != established",
    () => "ct direction reply",
    () => "meta mark 5",
    () => `ip ttl ${random.one(["< 64", "64", "> 63"])}`,
    () => `fib daddr type ${random.one(["local", "unicast"])}`,
    () => "ip daddr . meta l4proto { 8.8.8.8 . icmp, 192.168.0.2 . tcp }",
    () => "",
  ])();
}
