/** Networks that this project never made, healthy and broken. */

import { assertEquals } from "@std/assert";
import { type Case, consult, steps } from "./consult.ts";

const lines = (text: string) =>
  text.trim().split("\n").map((line) => line.trim());

/** A namespace on a bridge that has the gateway's address itself. */
const container = (name: string, port: string, address: string) => `
  ip netns add ${name}
  ip link add name ${port} type veth peer name eth0 netns ${name}
  ip link set dev ${port} master docker0
  ip link set dev ${port} up
  ip netns exec ${name} ip link set dev lo up
  ip netns exec ${name} ip link set dev eth0 up
  ip netns exec ${name} ip addr add ${address}/16 dev eth0
  ip netns exec ${name} ip route add default via 172.17.0.1`;

/** A bridge with the address on itself, and no firewall. */
const BRIDGE = lines(`
  ip link add name docker0 type bridge
  ip addr add 172.17.0.1/16 dev docker0
  ip link set dev docker0 up
  ${container("web", "vethweb", "172.17.0.2").trim()}
  ${container("db", "vethdb", "172.17.0.3").trim()}
  sysctl -qw net.ipv4.ip_forward=1
  iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE`);

/** The same with the rules of a Docker host. */
const DOCKER = [
  ...BRIDGE,
  ...lines(`
  sysctl -qw net.bridge.bridge-nf-call-iptables=1
  iptables -P FORWARD DROP
  iptables -N DOCKER
  iptables -N DOCKER-USER
  iptables -N DOCKER-FORWARD
  iptables -N DOCKER-CT
  iptables -N DOCKER-BRIDGE
  iptables -N DOCKER-ISOLATION-STAGE-1
  iptables -N DOCKER-ISOLATION-STAGE-2
  iptables -A FORWARD -j DOCKER-USER
  iptables -A FORWARD -j DOCKER-FORWARD
  iptables -A DOCKER-FORWARD -j DOCKER-CT
  iptables -A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
  iptables -A DOCKER-FORWARD -j DOCKER-BRIDGE
  iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT
  iptables -A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
  iptables -A DOCKER-BRIDGE -o docker0 -j DOCKER
  iptables -A DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 5432 -j ACCEPT
  iptables -A DOCKER ! -i docker0 -o docker0 -j DROP
  iptables -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
  iptables -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
  iptables -t raw -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
  iptables -t nat -N DOCKER
  iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER`),
];

const web = { from: { label: "web" } };

/** What is broken there, and how it has to be called. */
const CASES: { name: string; code?: string; case: Case }[] = [
  { name: "a plain bridge", case: { build: BRIDGE, break: [] } },
  { name: "a Docker host", case: { build: DOCKER, break: [] } },
  {
    name: "a plain bridge: port pulled",
    code: "bridge-port-missing",
    case: { build: BRIDGE, break: ["ip link set dev vethweb nomaster"] },
  },
  {
    name: "a plain bridge: the bridge lost its address",
    code: "gateway-address-missing",
    case: { build: BRIDGE, break: ["ip addr del 172.17.0.1/16 dev docker0"] },
  },
  {
    name: "a plain bridge: another bridge has the same network",
    code: "subnet-elsewhere",
    case: {
      build: BRIDGE,
      break: lines(`
        ip link add name br-9f type bridge
        ip link set dev br-9f up
        ip addr add 172.17.0.9/16 dev br-9f
        ip addr del 172.17.0.1/16 dev docker0
        ip addr add 172.17.0.1/16 dev docker0`),
    },
  },
  {
    name: "a plain bridge: NetworkManager took web's address away",
    code: "address-missing",
    case: {
      build: BRIDGE,
      break: ["ip netns exec web ip addr flush dev eth0"],
    },
  },
  {
    name: "a plain bridge: default route gone",
    code: "no-default-route",
    case: { build: BRIDGE, break: ["ip netns exec web ip route del default"] },
  },
  {
    name: "a Docker host: a reload removed Docker's rules for forwarding",
    code: "forward-policy-drop",
    case: {
      build: DOCKER,
      break: ["iptables -F FORWARD"],
    },
  },
  {
    name: "a Docker host: no rule for answers",
    code: "return-not-accepted",
    case: { build: DOCKER, break: ["iptables -F DOCKER-CT"] },
  },
  {
    name: "a Docker host: a reload removed the NAT rules",
    code: "masquerade-missing",
    case: { build: DOCKER, break: ["iptables -t nat -F POSTROUTING"] },
  },
  {
    name: "a Docker host: a rule of the user drops",
    code: "forward-rule-drop",
    case: {
      build: DOCKER,
      break: ["iptables -I DOCKER-USER -i docker0 -o eth0 -j REJECT"],
    },
  },
  {
    name: "a Docker host: raw drops what web sends out",
    code: "prerouting-drop",
    case: {
      build: DOCKER,
      break: [
        "iptables -t raw -A PREROUTING -s 172.17.0.2/32 ! -d 172.17.0.0/16 -j DROP",
      ],
    },
  },
];

Deno.test("doctor: knows networks that others made, healthy and broken", async (t) => {
  await steps(
    t,
    CASES.map(({ name, code, case: what }) => ({
      name: `${name}: ${code ?? "healthy"}`,
      async fn() {
        const fixes = code ? 1 : 0;
        const wish = { ...what, wish: web, fixes, heals: true };
        const { seen, silent } = await consult(wish);
        const [{ cause, further, questions }] = seen;
        assertEquals(questions[0].from, "web");
        assertEquals([cause?.code, further], [code, []]);
        assertEquals(silent, []);
      },
    })),
  );
});

Deno.test("doctor: does not give an address to whoever speaks IPv6 only", async () => {
  const { seen: [{ cause }] } = await consult({
    build: BRIDGE,
    break: lines(`
      ip netns exec web ip addr flush dev eth0
      ip netns exec web ip addr add fd00::2/64 dev eth0`),
    wish: web,
  });
  assertEquals([cause?.code, cause?.fix], ["ipv6-only", []]);
});
