/**
 * The doctor's causes as they are told of no case in particular: what causes.ts
 * says with names, in whole sentences without them.
 */

import { type Code, TEXTS } from "./causes.ts";
import { t } from "../cli/translate.ts";

/** A cause in general. */
export interface Explanation {
  /** The cause. */
  cause: string;
  /** Why that keeps packets from going on. */
  why: string;
  /** What the fix does; "" if there is none. */
  change: string;
}

/** A cause in general; the other two where they would name something. */
type Told = [cause: string, more?: Partial<Omit<Explanation, "cause">>];

const TOLD: Record<Code, Told> = {
  "namespace-missing": [
    t`The namespace that was asked about does not exist.`,
    { change: t`makes the namespace and its cable anew` },
  ],
  "namespace-broken": [
    t`The namespace is only a name: the file behind it is no namespace.`,
    { change: t`removes the dead name and makes the namespace anew` },
  ],
  "loopback-down": [
    t`The namespace cannot talk to itself: its lo is down.`,
    { change: t`switches lo of the namespace on` },
  ],
  "link-missing": [
    t`The namespace has no network card: nothing but lo is in it.`,
  ],
  "link-down": [
    t`A network card is switched off.`,
    { change: t`switches it on, and adds the route again that went with it` },
  ],
  "host-end-down": [
    t`The other end of the namespace's cable is switched off.`,
    { change: t`switches that end on` },
  ],
  "cable-unplugged": [t`A network card is switched on, but has no carrier.`],
  "bridge-missing": [
    t`There is no bridge: the cables have no switch to be plugged into.`,
    { change: t`makes the bridge and plugs the cables into it` },
  ],
  "bridge-port-missing": [
    t`The namespace's cable is not plugged in: its other end is a port of no bridge.`,
    {
      why: t`What the namespace sends arrives at that end and goes no further.`,
      change: t`plugs that end into the bridge`,
    },
  ],
  "bridge-port-elsewhere": [
    t`The namespace's cable is plugged into another switch than its neighbours'.`,
    { change: t`moves it from that bridge to the right one` },
  ],
  "bridge-down": [
    t`The bridge is switched off.`,
    { change: t`switches the bridge on` },
  ],
  "address-on-port": [
    t`An interface is a port of a bridge, and yet has an address of its own.`,
    {
      why:
        t`A port hands all that it receives to its bridge. So answers for that address, those of ARP as well, come in by the bridge and are not known for what they are.`,
      change: t`takes the interface out of the bridge`,
    },
  ],
  "port-blocked": [
    t`A port of the bridge passes nothing on: its state is not forwarding.`,
    { change: t`lets the port pass frames on` },
  ],
  "port-isolated": [
    t`Two ports of the bridge are isolated from each other.`,
    { change: t`lets one of them talk to every port` },
  ],
  "port-locked": [
    t`A port of the bridge is locked: it takes frames only from senders it was told of.`,
    { change: t`unlocks the port` },
  ],
  "flooding-off": [
    t`A port of the bridge gets no frame for a MAC address that the bridge has not learned: flood or bcast_flood is off.`,
    { change: t`switches flooding on for the port` },
  ],
  "vlan-mismatch": [
    t`Two ports of the bridge are in different VLANs.`,
    { change: t`puts one of them into the VLAN of the other` },
  ],
  "mac-duplicate": [
    t`Two interfaces on one wire have the same MAC address.`,
    { change: t`gives one of them a MAC address of its own` },
  ],
  "fdb-wrong": [
    t`The bridge has been told by hand that a MAC address is behind a port where it is not.`,
  ],
  "mtu-mismatch": [
    t`Large packets are lost: one interface takes smaller ones than its neighbours on the way.`,
    { change: t`lets the interface take packets as large as the rest do` },
  ],
  "packet-too-large": [
    t`The packet may not be split, and an interface on the way takes less.`,
  ],
  "mtu-black-hole": [
    t`Large packets are lost without a word: an interface on the way takes smaller ones, and its complaint does not get back to the sender.`,
    {
      change:
        t`lets that complaint pass. A smaller MTU at the sender, or MSS clamping at the router, helps as well`,
    },
  ],
  "large-lost-beyond": [
    t`Large packets are lost without a word, beyond what can be seen; smaller ones get through.`,
    {
      why:
        t`Some link on the way takes less than the sender's, and its complaint does not come back (RFC 2923). A smaller MTU at the sender, or MSS clamping at the router, gets around it.`,
    },
  ],
  "macvlan-parent": [
    t`The sender is a macvlan, and the target is the machine whose card it shares.`,
  ],
  "queue-drops": [
    t`The queue of an interface may be what loses packets: it is limited by hand.`,
    { change: t`gives the interface the kernel's own queue again` },
  ],
  "address-missing": [
    t`A network card has no address.`,
    {
      why:
        t`Without an address nobody can answer the namespace, and it has no route to its neighbours.`,
      change:
        t`gives the card its address, and the namespace the route that went with it`,
    },
  ],
  "ipv6-only": [
    t`A network card has IPv6 addresses, and none of IPv4.`,
  ],
  "address-duplicate": [
    t`Two have the same address.`,
    {
      change:
        t`takes the address away from one of them, and lets others forget where it was`,
    },
  ],
  "prefix-wrong": [
    t`The namespace takes its network for another size than the others do.`,
    {
      why:
        t`The prefix says who is a neighbour. With another one than the others', the namespace sends to the wrong place, or not at all.`,
      change:
        t`gives the card the others' prefix, and the route that depends on it`,
    },
  ],
  "gateway-address-missing": [
    t`Nobody has the gateway's address.`,
    {
      why:
        t`The namespace asks the wire who has that address, and nobody answers.`,
      change: t`gives the address to the interface that is meant to hold it`,
    },
  ],
  "neighbour-silent": [
    t`Nobody on the namespace's segment has the address that was asked for.`,
    {
      why:
        t`By its route the namespace takes the address for a neighbour's, asks by ARP who has it, and nobody answers.`,
    },
  ],
  "neighbour-wrong": [
    t`The namespace sends frames for an address to the wrong MAC address.`,
    {
      why:
        t`An old or hand-made entry of the neighbour table names a card that does not have the address (any more).`,
      change: t`deletes that entry: the namespace asks anew`,
    },
  ],
  "arp-off": [
    t`A network card neither asks for MAC addresses nor answers: ARP is off.`,
    { change: t`switches ARP on for the card` },
  ],
  "arp-ignored": [
    t`The target does not tell its MAC address: arp_ignore is 3 or more.`,
    {
      why:
        t`With this switch the kernel leaves the question who has an address unanswered.`,
      change: t`lets the target answer such questions`,
    },
  ],
  "address-not-local": [
    t`The target does not take its address for its own: its table of local addresses lacks it.`,
  ],
  "routing-rule-missing": [
    t`The namespace never looks into one of its routing tables: no routing rule says so.`,
  ],
  "no-default-route": [
    t`The namespace does not know where the internet is: it has no default route.`,
    { change: t`adds the default route` },
  ],
  "neighbour-route-missing": [
    t`The namespace has no route to its own network.`,
  ],
  "gateway-wrong": [
    t`The default route of the namespace leads to somebody who is not the gateway.`,
    {
      why: t`Packets go to somebody who is no router, or to nobody.`,
      change: t`lets the default route lead to the gateway`,
    },
  ],
  "route-blocks": [
    t`A route forbids the way to the target: it is a blackhole, or one of type unreachable, prohibit or throw.`,
  ],
  "rule-blocks": [
    t`A routing rule forbids the way to the target: its action is blackhole, unreachable or prohibit.`,
  ],
  "source-wrong": [
    t`The namespace sends with an address that its network card does not have.`,
    { change: t`lets the namespace send with the address of the card` },
  ],
  "route-astray": [t`A route leads packets for the target astray.`],
  "subnet-elsewhere": [
    t`The router believes an address to be behind another interface than the one behind which it is.`,
    { change: t`removes what leads the address there` },
  ],
  "network-internal": [
    t`The container is on internal networks only.`,
    {
      why:
        t`The engine gives an internal network no default route, and its rules let nothing out: that is what it is for. To let a container out, connect it to another network as well: \`docker network connect NETWORK NAME\`.`,
    },
  ],
  "machine-no-default-route": [
    t`The router itself has no way to the internet: it has no default route.`,
    { change: t`adds the default route of the router` },
  ],
  "uplink-down": [
    t`The uplink of the router is switched off.`,
    {
      change:
        t`switches the uplink on, and adds the default route that went with it`,
    },
  ],
  "no-way-back": [t`The router has no way back to the sender.`],
  "forwarding-off": [
    t`The router is none: it does not pass on packets that are for others.`,
    { change: t`lets the router forward packets, on all of its interfaces` },
  ],
  "forwarding-off-interface": [
    t`The router does not pass on what comes in by one of its interfaces.`,
    { change: t`lets the router forward what comes in by that interface` },
  ],
  "reverse-path-filter": [
    t`The receiver drops what comes in by an interface: it would send the answer out elsewhere.`,
    {
      change:
        t`sets the filter of that interface to loose: any way back will do`,
    },
  ],
  "ttl-too-low": [
    t`Packets die of old age at a router: they set out with too small a TTL.`,
  ],
  "forward-policy-drop": [
    t`The firewall passes nothing on: the policy of FORWARD is DROP, and no rule lets the packet through.`,
    { change: t`lets through what the namespace needs; the policy stays` },
  ],
  "forward-rule-drop": [
    t`A rule in the firewall drops what the router should pass on.`,
  ],
  "return-not-accepted": [
    t`The firewall lets requests out, but not the answers back in.`,
  ],
  "input-drop": [
    t`The firewall of the receiver drops what is for the receiver itself.`,
    { change: t`lets the packet in` },
  ],
  "output-drop": [
    t`The firewall of the sender lets nothing out.`,
    { change: t`lets the packet out` },
  ],
  "prerouting-drop": [t`A rule drops packets before routing.`],
  "postrouting-drop": [t`A rule drops packets as they leave.`],
  "other-backend-drop": [
    t`The other iptables drops the packet: \`iptables -S\` does not show it.`,
  ],
  "nftables-drop": [
    t`A chain of nftables drops the packet: iptables does not show it.`,
  ],
  "rule-may-drop": [t`A rule in a firewall may be what drops the packet.`],
  "xfrm-blocks": [t`A policy of IPsec blocks the packet.`],
  "echo-ignored": [
    t`The target is reached, but does not answer pings: icmp_echo_ignore_all is 1.`,
    { change: t`lets the target answer pings` },
  ],
  "masquerade-missing": [
    t`Nobody can answer the packets: they leave by the uplink with a private sender.`,
    {
      change:
        t`lets the gateway write its own address on what leaves by the uplink`,
    },
  ],
  "masquerade-mismatch": [
    t`There is a rule for source NAT, but it does not match: packets come from another network, or leave by another interface.`,
  ],
  "masquerade-shadowed": [TEXTS["masquerade-shadowed"].cause],
  "snat-wrong": [
    t`A rule for source NAT writes an address that the uplink does not have.`,
    { change: t`writes the address of the uplink instead` },
  ],
  "dnat-diverts": [
    t`A rule sends packets for the target to another address instead.`,
  ],
  "not-tracked": [
    t`A rule keeps the packet out of connection tracking, and so out of NAT.`,
  ],
  "nat-too-early": [
    t`NAT is decided on the bridge already, before it is clear where the packet leaves.`,
  ],
  "conntrack-stale": [
    t`A conversation from before the NAT rule still goes on without it.`,
    {
      change: t`forgets the conversations of that address: they begin anew`,
    },
  ],
  "masquerade-too-wide": [
    TEXTS["masquerade-too-wide"].cause,
    { change: t`replaces it by a rule for what leaves by the uplink` },
  ],
  "masquerade-twice": [TEXTS["masquerade-twice"].cause],
  "hairpin-nat-missing": [
    t`A published port is asked for from the network that it leads into, and the answer does not come by the router.`,
    {
      why:
        t`Whoever is reached answers the asker directly, by its own address. Only the router could rewrite that, and it never sees the answer. Unknown to the asker, the answer is thrown away.`,
      change:
        t`lets the router write its own address on such connections, so that answers come by it`,
    },
  ],
  "nobody-listens": [
    t`Nobody listens on that port of the target.`,
    {
      why:
        t`The packet arrives, and the target's kernel refuses it: no program waits there.`,
    },
  ],
  "listens-elsewhere": [
    t`The program listens at another address than the one that is asked.`,
    {
      why:
        t`A socket that is bound to one address hears nothing that is for another. 127.0.0.1 is each namespace's own: nobody else can reach it.`,
    },
  ],
  "resolver-missing": [t`The namespace has no resolver to ask.`],
  "resolver-elsewhere": [
    t`The resolver's address is nobody's in that namespace: it is another one's own.`,
    {
      why:
        t`All of 127.0.0.0/8 stays within its namespace. A resolver that listens there on the machine, such as systemd-resolved at 127.0.0.53, hears nothing from others.`,
    },
  ],
  "resolver-fails": [
    t`The resolver is reached, and answers that it has no address to give.`,
  ],
  "refused-beyond": [
    t`The target refuses, or somebody does in its name.`,
  ],
  "upstream-silent": [
    t`The gateway itself gets no answer from the target: the fault is beyond its uplink.`,
  ],
  "upstream-gateway-silent": [
    t`The next router does not answer: nobody behind the uplink has its address.`,
    {
      why:
        t`The gateway asks the wire who has the router's address, and nobody answers. Either that router is off, or the gateway's default route names a wrong address.`,
    },
  ],
  "target-unknown": [
    t`A router on the way says that there is no such target.`,
    {
      why:
        t`All on this side is in order: the packet went out, and a router did not know where to send it.`,
    },
  ],
  "unexplained": [
    t`The target does not answer, though all that could be read is in order.`,
    { why: t`What ping itself says is all there is to go by.` },
  ],
};

/** A cause in general. */
export function explanation(code: Code): Explanation {
  const { why, change } = TEXTS[code];
  const [cause, more] = TOLD[code];
  return { cause, why, change, ...more };
}
