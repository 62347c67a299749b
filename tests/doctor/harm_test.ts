/**
 * First, do no harm: whatever is broken, the fixes change nothing but what is
 * wrong. Neither do they touch what is on the machine beside the lab, nor stop
 * what worked.
 */

import { assert, assertEquals } from "@std/assert";
import { task } from "../../scripts/tasks/doctor.ts";
import { throwaway } from "../throwaway.ts";
import { askings } from "./askings.ts";
import { steps } from "./consult.ts";
import { faults } from "./faults.ts";
import type { Aftermath, HarmCase } from "./harm_case.ts";
import { obstaclesOf } from "./obstacle.ts";
import { makeTunnel } from "./tunnel.ts";

/** What harm can be, see {@linkcode Aftermath}. */
const KINDS = [
  "failed",
  "elsewhere",
  "lost",
  "strange",
  "bystanders",
  "silent",
] as const;

/** Harm by its kinds; those are left out of which there is none. */
type Harms = { [kind in typeof KINDS[number]]?: string[] };

/**
 * Harm that is known, by the name of the fault, and why it is. Whoever mends one
 * sees the test go red, and takes it out.
 */
const KNOWN: Record<string, Harms & { why: string }> = {
  "the uplink was renamed": {
    why: "a rule names its uplink: it has to follow the new name",
    lost: ["PC: iptables nat POSTROUTING"],
    strange: ["PC: iptables nat POSTROUTING"],
  },
  ...Object.fromEntries(["ns1", "ns2"].map((from) => [
    `a published port, asked by ${from} beside it`,
    {
      why: "what was never there is what lacks",
      strange: ["PC: iptables nat POSTROUTING"],
    },
  ])),
  "ns1 is deleted, a process keeps its network alive": {
    why: "the cable has to be made anew",
    lost: ["PC: link br-veth1"],
    strange: ["PC: link br-veth1"],
  },
};

/** Where traffic goes out by the other uplink, so that nothing is to be mended. */
const ONE_UPLINK = [
  "the machine has no default route",
  "the uplink is down",
];

/** Breaks a lab among bystanders in a fresh sandbox, and has it mended. */
async function aftermath(what: HarmCase): Promise<Aftermath> {
  await using lab = await throwaway();
  await makeTunnel(lab);
  const { code, stdout, stderr } = await lab.script(
    "tests/doctor/harm_case.ts",
    [JSON.stringify(what)],
    [
      ...task.needs ?? [],
      "--allow-run=umount,sh,tc",
      "--allow-net=203.0.113.2:7007",
    ],
  );
  assertEquals([code, stderr], [0, ""], stdout);
  return JSON.parse(stdout);
}

/** The harm in short: MAC addresses and handles are others every time. */
function harms(after: Aftermath): Harms {
  return Object.fromEntries(
    KINDS.map((kind) => {
      const found = after[kind].map((each) =>
        typeof each === "string" ? each : each.object
      );
      return [kind, [...new Set(found)].toSorted()] as const;
    }).filter(([, found]) => found.length > 0),
  );
}

const obstacles = await obstaclesOf(faults);

Deno.test("doctor: no fix does harm", async (t) => {
  for (const name of [...Object.keys(KNOWN), ...ONE_UPLINK]) {
    assert([...faults, ...askings].some((each) => each.name === name), name);
  }
  await steps(
    t,
    faults.map(({ code, name, break: lines, wish }, i) => ({
      name: `${code}: ${name}${obstacles[i] ? ` (${obstacles[i]})` : ""}`,
      ignore: obstacles[i] !== undefined,
      async fn() {
        const other = ONE_UPLINK.includes(name)
          ? ["ip route del default dev eth1 table main"]
          : [];
        const after = await aftermath({ break: [...other, ...lines], wish });
        const { why: _why, ...known } = KNOWN[name] ?? {};
        const { silent, ...rest } = harms(after);
        // Who answers ARP first differs from ping to ping: where nothing was
        // run, nothing was stopped.
        const seen = silent && after.fixes.length > 0
          ? { ...rest, silent }
          : rest;
        assertEquals(seen, known, JSON.stringify(after, null, 2));
      },
    })),
  );
});

Deno.test("doctor: no fix of a question beyond ping does harm", async (t) => {
  await steps(
    t,
    askings.filter(({ isMended }) => isMended).map((
      { name, code, lines = "", listen, from = "ns1", to, by },
    ) => ({
      name: `${code}: ${name}`,
      async fn() {
        const after = await aftermath({
          break: lines.split("\n").map((line) => line.trim()).filter(Boolean),
          listen,
          wish: { from: { label: from }, to, by },
        });
        assert(after.codes.includes(`${code}`), after.codes.join());
        const { why: _why, ...known } = KNOWN[name] ?? {};
        assertEquals(harms(after), known, JSON.stringify(after, null, 2));
      },
    })),
  );
});

/** What others set up beside the lab: one line each, its steps apart by ` && `. */
const BESIDE = `
  ip rule add priority 99 from 192.168.0.0/24 lookup 300
  ip route replace default via 192.0.2.1 dev eth1
  ip route add 8.8.8.8 via 192.0.2.1
  ip route add 8.8.8.8 via 10.8.0.1 dev tun0
  ip route add default dev tun0 table 51820 && ip rule add priority 89 lookup main suppress_prefixlength 0 && ip rule add priority 90 not fwmark 0xca6c lookup 51820
  ip rule add priority 98 from 192.168.0.0/24 unreachable protocol dhcp
  ip route add blackhole 8.8.8.0/24 proto bird
  ip route add 192.168.0.0/25 dev docker0 proto bird
  iptables -I FORWARD -j ufw-user-forward && iptables -I ufw-user-forward -s 192.168.0.0/24 -o eth0 -j DROP
  iptables -A DOCKER-ISOLATION-STAGE-1 -s 192.168.0.0/24 ! -o br0 -j DROP
  iptables -t raw -A PREROUTING -s 192.168.0.0/24 -d 8.8.8.8 -m comment --comment cali:x -j DROP
  iptables -t nat -I POSTROUTING -s 192.168.0.0/24 -m comment --comment kubernetes -j ACCEPT
  iptables -t nat -A DOCKER -d 8.8.8.8 -j DNAT --to-destination 172.17.0.9 && iptables -t nat -I PREROUTING -d 8.8.8.8 -j DOCKER
`.trim().split("\n").map((line) => line.trim().split(" && "));

/** What of theirs somebody may ask for. */
const THEIRS = [
  "172.17.0.2",
  "192.0.2.1",
  "192.0.2.2",
  "10.9.0.1",
  "198.18.0.1",
];

Deno.test("doctor: what others keep on purpose stays, whatever it stops", async (t) => {
  await using machine = await throwaway();
  const hasTunnel = await makeTunnel(machine);
  const cases: { name: string; what: HarmCase }[] = [
    ...BESIDE.map((beside) => ({ name: beside.join(), what: { beside } })),
    ...THEIRS.map((to) => ({
      name: `ns1 asks for ${to}`,
      what: { wish: { from: { label: "ns1" }, to } },
    })),
    {
      name: "web is in no bridge, and br0 is none for it",
      what: {
        beside: ["ip link set dev vethweb nomaster"],
        wish: { from: { label: "web" } },
      },
    },
  ];
  await steps(
    t,
    cases.map(({ name, what }) => ({
      name,
      ignore: !hasTunnel && name.includes("tun0"),
      async fn() {
        const after = await aftermath(what);
        assertEquals(harms(after), {}, JSON.stringify(after, null, 2));
      },
    })),
  );
});

/** Fixes that nobody should print, and what harm they do. */
const HARMFUL: { fix: string; kinds: (keyof Harms)[] }[] = [
  { fix: "ip addr show", kinds: [] },
  { fix: "ip link set dev nobody up", kinds: ["failed"] },
  {
    fix: "ip route flush table main",
    kinds: ["lost", "bystanders", "silent"],
  },
  { fix: "ip addr add 192.168.0.9/24 dev rt-veth", kinds: ["strange"] },
  { fix: "ip -n ns1 route del default", kinds: ["lost", "silent"] },
  {
    fix: "ip link set dev eth1 mtu 1400",
    kinds: ["elsewhere", "lost", "strange", "bystanders"],
  },
  { fix: "ip -n web neigh flush all", kinds: ["elsewhere"] },
  { fix: "iptables -F FORWARD", kinds: ["lost", "bystanders"] },
  {
    fix: "iptables -I INPUT -p tcp -j DROP",
    kinds: ["strange", "silent"],
  },
  {
    fix: "sysctl -qw net.ipv4.conf.all.rp_filter=1",
    kinds: ["lost", "strange"],
  },
];

Deno.test("doctor: the harm that a fix does is seen", async (t) => {
  await steps(
    t,
    HARMFUL.map(({ fix, kinds }) => ({
      name: fix,
      async fn() {
        const after = await aftermath({ instead: [fix] });
        assertEquals([after.codes, Object.keys(harms(after))], [[], kinds]);
      },
    })),
  );
});
