/**
 * What the doctor says of each cause: English, all of it in this one place.
 * `{x}` stands for a name of the case at hand.
 */

import type { Layer } from "./layer.ts";
import { t } from "../cli/translate.ts";

/** What is said of one cause. */
export interface Text {
  /** The layer that it belongs to. */
  layer: Layer;
  /** The cause, in a sentence for somebody who is new to this. */
  cause: string;
  /** The same for any case: what it looks like from outside. */
  symptom: string;
  /** Why that keeps packets from going on. */
  why: string;
  /** What the printed commands change, and what they leave alone. */
  change: string;
}

const text = (
  layer: Layer,
  symptom: string,
  cause: string,
  why: string,
  change: string,
): Text => ({ layer, symptom, cause, why, change });

/** All causes, by the code that names them for ever. */
export const TEXTS = {
  // --- environment ---------------------------------------------------------
  "namespace-missing": text(
    "environment",
    t`there is no such namespace`,
    t`There is no namespace {who}.`,
    t`A computer that does not exist cannot send.`,
    t`makes {who} and its cable anew`,
  ),
  "namespace-broken": text(
    "environment",
    t`its name is there, yet nothing can enter it`,
    t`{who} is only a name: the file behind it is no namespace.`,
    t`\`ip netns add\` was cut short, or the name was unmounted: an empty file is left, and nobody can enter it.`,
    t`removes the dead name and makes {who} anew`,
  ),
  // --- link ----------------------------------------------------------------
  "loopback-down": text(
    "link",
    t`a namespace cannot ping itself`,
    t`{who} cannot talk to itself: its lo is down.`,
    t`Packets to one's own address go over lo, whatever the address.`,
    t`switches lo of {who} on`,
  ),
  "link-missing": text(
    "link",
    t`Network is unreachable`,
    t`{who} has no network card: nothing but lo is in it.`,
    t`Without an interface there is nowhere to send to.`,
    t`makes a cable and plugs it in`,
  ),
  "link-down": text(
    "link",
    t`Network is unreachable; nobody reaches it`,
    t`{dev} in {who} is switched off.`,
    t`An interface that is down sends and hears nothing, and going down deleted the routes that led out by it.`,
    t`switches {dev} on, and adds the route again that went with it`,
  ),
  "host-end-down": text(
    "link",
    t`one namespace is dead; its own end shows NO-CARRIER`,
    t`The other end of the cable from {who}, {dev}, is switched off.`,
    t`A cable works only while both of its ends are up.`,
    "switches {dev} on",
  ),
  "cable-unplugged": text(
    "link",
    t`NO-CARRIER, though both ends are up`,
    t`{dev} in {who} has no carrier.`,
    t`The cable behind it leads nowhere.`,
    "",
  ),
  "bridge-missing": text(
    "link",
    t`nobody reaches anybody`,
    t`There is no bridge {bridge}: the cables have no switch to be plugged into.`,
    t`Ends that no bridge joins cannot hear each other.`,
    t`makes {bridge} and plugs the cables into it`,
  ),
  "bridge-port-missing": text(
    "link",
    t`one namespace is dead`,
    t`The cable of {who} is not plugged in: {dev} is a port of no bridge.`,
    t`What {who} sends arrives at {dev} and ends there.`,
    "plugs {dev} into {bridge}{forget}",
  ),
  "bridge-port-elsewhere": text(
    "link",
    t`one namespace is dead, though it is plugged in`,
    t`The cable of {who} is plugged into another switch: {dev} is a port of {wrong}, not of {bridge}.`,
    t`Two bridges are two networks: nothing passes from one to the other.`,
    "moves {dev} from {wrong} to {bridge}{forget}",
  ),
  "bridge-down": text(
    "link",
    t`everybody on the bridge is dead`,
    t`The bridge {bridge} is switched off.`,
    t`A switch without power passes nothing on, whatever is plugged in.`,
    "switches {bridge} on",
  ),
  "address-on-port": text(
    "link",
    t`dead since an interface was put into a bridge`,
    t`{dev} of {who} is a port of {bridge}, and yet {who} sends by it as {address}.`,
    t`A port hands all that it receives to its bridge. So answers for {dev}, those of ARP as well, come in by {bridge} and are not known for what they are.`,
    t`takes {dev} out of {bridge}`,
  ),
  "port-blocked": text(
    "link",
    t`dead, for up to 30 seconds or for good`,
    t`The bridge's port {dev} passes nothing on: its state is {state}.`,
    t`Only a port in state forwarding passes frames on. With STP a port listens and learns for 30 seconds first.`,
    t`lets {dev} pass frames on`,
  ),
  "port-isolated": text(
    "link",
    t`neighbours do not answer each other, the gateway does`,
    t`The ports {dev} and {other} are isolated from each other.`,
    t`The bridge passes nothing between two ports that are both isolated.`,
    t`lets {dev} talk to every port`,
  ),
  "port-locked": text(
    "link",
    t`one namespace is dead`,
    t`The bridge's port {dev} is locked: it takes frames only from senders it was told of.`,
    t`Frames from any other MAC address are dropped (802.1X).`,
    "unlocks {dev}",
  ),
  "flooding-off": text(
    "link",
    t`dead until the bridge has learned an address by luck`,
    t`The bridge's port {dev} gets no frame for a MAC address that the bridge has not learned: {what} is off.`,
    t`A switch sends what it cannot place to all ports; this one is left out.`,
    t`switches {what} on for {dev}`,
  ),
  "vlan-mismatch": text(
    "link",
    t`dead, though plugged in and up`,
    t`{dev} and {other} are in different VLANs of {bridge}.`,
    t`A bridge with VLAN filtering passes frames only between ports of one VLAN.`,
    "puts {dev} into VLAN {vlan}",
  ),
  "mac-duplicate": text(
    "link",
    t`answers come and go, or go to somebody else`,
    t`{who} and {other} have the same MAC address, {mac}.`,
    t`The bridge keeps one port for each MAC address: whoever spoke last gets the frames.`,
    t`gives {dev} of {other} a MAC address of its own`,
  ),
  "fdb-wrong": text(
    "link",
    t`frames go to the wrong port`,
    t`The bridge has been told by hand that {mac} is behind {wrong}; it is behind {dev}.`,
    t`A static entry of the bridge's table beats what the bridge learns.`,
    t`deletes that entry: the bridge learns the right port by itself`,
  ),
  "mtu-mismatch": text(
    "link",
    t`small packets pass, large ones are lost`,
    t`Large packets are lost: {dev} takes {mtu} bytes, its neighbours on the way {other}.`,
    t`A bridge cannot split a packet: what is too large for the next cable is dropped without a word.`,
    t`lets {dev} take {other} bytes like the rest`,
  ),
  "packet-too-large": text(
    "link",
    t`a router complains: fragmentation needed`,
    t`The packet of {size} bytes may not be split, and {dev} of {who} takes {mtu}.`,
    t`The router says so to the sender, who sends smaller ones from then on (path MTU discovery, RFC 1191). Only this one is lost.`,
    "",
  ),
  "mtu-black-hole": text(
    "link",
    t`small packets pass, a large upload hangs`,
    t`Packets of {size} bytes are lost without a word: {dev} of {who} takes {mtu}, and its complaint does not get back to {from}.`,
    t`A sender finds the largest size by being told "fragmentation needed" (RFC 1191). Where that is lost, it sends the same large packet for ever.`,
    t`lets that complaint pass: it is what the rule drops. A smaller MTU at {from}, or MSS clamping at {who}, helps as well`,
  ),
  "large-lost-beyond": text(
    "internet",
    t`small packets pass, large ones are lost out of view`,
    t`Packets of {size} bytes to {to} are lost without a word, beyond what can be seen; {passes} bytes get through.`,
    t`Some link on the way takes less than the sender's, and its complaint does not come back (RFC 2923). A smaller MTU at {from}, or MSS clamping at the router, gets around it.`,
    "",
  ),
  "macvlan-parent": text(
    "link",
    t`all of the network is reached, only the own host is not`,
    t`{dev} of {who} is a macvlan, and {to} is the machine whose card it shares.`,
    t`What a macvlan sends goes out by the card and never back into the machine itself (ip-link(8)). A second macvlan on the machine, with an address and a route of its own, would hear it.`,
    "",
  ),
  "queue-drops": text(
    "link",
    t`packets are lost, all or some`,
    t`The queue of {dev} may be what loses packets: it is limited by hand.`,
    t`A queue sits between an interface and its cable. Nothing else sees what it throws away (tc-tbf(8), tc-netem(8)).`,
    t`gives {dev} the kernel's own queue again`,
  ),
  // --- address -------------------------------------------------------------
  "address-missing": text(
    "address",
    t`Network is unreachable`,
    t`{dev} in {who} has no address.`,
    t`Without an address nobody can answer {who}, and it has no route to its neighbours.`,
    t`gives {dev} its address, and {who} the route that went with it`,
  ),
  "ipv6-only": text(
    "address",
    t`Network is unreachable, to IPv4 addresses only`,
    t`{dev} in {who} has IPv6 addresses, and none of IPv4.`,
    t`IPv4 alone was looked at: whether IPv6 works is not said.`,
    "",
  ),
  "address-duplicate": text(
    "address",
    t`answers come and go, or go to somebody else`,
    t`Two have the same address: {address} is in {who} and in {other}.`,
    t`Whoever answers first is believed: packets for one go to the other.`,
    t`takes {address} away from {other}, and lets others forget where it was`,
  ),
  "prefix-wrong": text(
    "address",
    t`some neighbours or the gateway are unreachable`,
    t`{who} takes its network for another size: {address}, where the others have /{length}.`,
    t`The prefix says who is a neighbour. With another one than the others', {who} sends to the wrong place, or not at all.`,
    t`gives {dev} the prefix /{length} and the route that depends on it`,
  ),
  "gateway-address-missing": text(
    "address",
    t`neighbours answer, the gateway does not`,
    t`Nobody has the gateway's address {address}.`,
    t`{who} asks the wire who has {address}, and nobody answers.`,
    "gives {address} to {dev}",
  ),
  "neighbour-silent": text(
    "address",
    t`Host Unreachable, said by the sender itself`,
    t`Nobody on the segment of {who} has the address {address}.`,
    t`{who} takes {address} for a neighbour, asks by ARP who has it, and nobody answers.`,
    "",
  ),
  "neighbour-wrong": text(
    "address",
    t`dead for some time, or for good`,
    t`{who} sends frames for {address} to the wrong MAC address, {mac}.`,
    t`An old or hand-made entry of the neighbour table names a card that {address} does not have (any more).`,
    t`deletes that entry: {who} asks anew`,
  ),
  "arp-off": text(
    "address",
    t`dead, though all is up`,
    t`{dev} in {who} neither asks for MAC addresses nor answers: ARP is off.`,
    t`Without ARP nobody learns which MAC address belongs to an address.`,
    t`switches ARP on for {dev}`,
  ),
  "arp-ignored": text(
    "address",
    t`nobody finds it, though all is up`,
    t`{who} does not tell its MAC address: arp_ignore is {value}.`,
    t`With this switch the kernel leaves the question who has {address} unanswered.`,
    t`lets {who} answer such questions`,
  ),
  "address-not-local": text(
    "address",
    t`it has the address, and yet does not answer for it`,
    t`{who} does not take {address} for its own: its table of local addresses lacks it.`,
    t`The table \`local\` tells the kernel which packets are for itself. It came with the address, and this entry was deleted since.`,
    t`adds that entry again`,
  ),
  // --- route ---------------------------------------------------------------
  "routing-rule-missing": text(
    "route",
    t`Network is unreachable, though every route is there`,
    t`{who} never looks into its routing table {table}: no routing rule says so.`,
    t`A routing table counts only where a rule leads to it. The three rules that a kernel starts with lead to local, main and default.`,
    t`adds that rule again`,
  ),
  "no-default-route": text(
    "route",
    t`Network is unreachable, for the internet only`,
    t`{who} does not know where the internet is: it has no default route.`,
    t`For an address that is no neighbour's the kernel needs a gateway. Without one it does not even send.`,
    t`adds the default route of {who}`,
  ),
  "neighbour-route-missing": text(
    "route",
    t`Network is unreachable, for neighbours`,
    t`{who} has no route to its own network {network}.`,
    t`The route came with the address and was deleted since.`,
    t`adds that route again`,
  ),
  "gateway-wrong": text(
    "route",
    t`no answer, or Redirect, or Host Unreachable`,
    t`The default route of {who} leads to {wrong}, which is not the gateway.`,
    "{reason}",
    t`lets the default route lead to {gateway}`,
  ),
  "route-blocks": text(
    "route",
    t`refused at once, or silently dropped`,
    t`A route of {who} forbids the way to {to}: it is of type {type}.`,
    t`Such a route drops or refuses all that it covers, whatever other routes say.`,
    t`deletes that route`,
  ),
  "rule-blocks": text(
    "route",
    t`refused at once, or silently dropped`,
    t`A routing rule of {who} forbids the way to {to}: its action is {action}.`,
    t`Routing rules come before all routing tables: this one refuses what it matches.`,
    t`deletes that rule`,
  ),
  "source-wrong": text(
    "route",
    t`requests leave, no answer comes`,
    t`{who} sends with the address {address}, which {dev} does not have.`,
    t`The default route names another sender than the address of its own interface. Answers go to that one.`,
    t`lets {who} send with the address of {dev}`,
  ),
  "route-astray": text(
    "route",
    t`no answer`,
    t`A route of {who} leads {to} astray, out by {dev}{via}.`,
    t`The most specific route decides, and where this one leads nobody takes the packet further.`,
    t`deletes that route`,
  ),
  "subnet-elsewhere": text(
    "route",
    t`gateway and internet are dead, neighbours answer`,
    t`{who} believes {address} to be behind {wrong}; it is behind {dev}.`,
    t`Answers leave by the wrong interface: another route for the same network, or a routing rule, comes first.`,
    t`removes what leads {address} to {wrong}`,
  ),
  "network-internal": text(
    "route",
    t`a container reaches its neighbours only`,
    t`{who} is meant to stay within: {networks} is internal.`,
    t`The engine gives an internal network no default route, and its rules let nothing out: that is what it is for. To let this one out, connect it to another network as well: \`{engine} network connect NETWORK NAME\`.`,
    "",
  ),
  "machine-no-default-route": text(
    "route",
    t`Net Unreachable, said by the gateway`,
    t`{who} itself has no way to the internet: it has no default route.`,
    t`It cannot pass on what it does not know where to send.`,
    t`adds the default route of {who}`,
  ),
  "uplink-down": text(
    "route",
    t`Net Unreachable or Host Unreachable, said by the gateway`,
    t`The uplink of {who}, {dev}, is switched off.`,
    t`All that is for the internet leaves by it, and going down deleted the default route.`,
    t`switches {dev} on, and adds the default route that went with it`,
  ),
  "no-way-back": text(
    "route",
    t`requests arrive, answers do not`,
    t`{who} has no way back to {address}.`,
    t`Every answer needs a route as well.`,
    t`adds that route`,
  ),
  // --- forwarding ----------------------------------------------------------
  "forwarding-off": text(
    "forwarding",
    t`the gateway answers, the internet does not`,
    t`{who} is no router: it does not pass on packets that are for others.`,
    t`A Linux throws away what is not for itself unless it is told to forward.`,
    t`lets {who} forward packets, on all of its interfaces`,
  ),
  "forwarding-off-interface": text(
    "forwarding",
    t`the gateway answers, the internet does not`,
    t`{who} does not pass on what comes in by {dev}.`,
    t`Forwarding is on in general, but off for this one interface.`,
    t`lets {who} forward what comes in by {dev}`,
  ),
  "reverse-path-filter": text(
    "forwarding",
    t`packets arrive and vanish without a trace`,
    t`{who} drops what comes in by {dev} from {address}: it would send the answer out elsewhere.`,
    t`The strict reverse path filter takes a sender for forged if the way back is another one than the way in (RFC 3704).`,
    t`sets the filter of {dev} to loose: any way back will do`,
  ),
  "ttl-too-low": text(
    "forwarding",
    t`Time to live exceeded`,
    t`Packets of {who} die of old age at a router: they set out with a TTL of {ttl}.`,
    t`Every router on the way takes one off, and at 0 the packet is thrown away.`,
    t`lets packets start with a TTL of 64`,
  ),
  // --- firewall ------------------------------------------------------------
  "forward-policy-drop": text(
    "firewall",
    t`the internet is dead; on Docker's hosts neighbours as well`,
    t`The firewall of {who} passes nothing on: the policy of FORWARD is DROP, and no rule lets {from} through.`,
    t`What no rule of the chain accepts meets its policy.`,
    t`lets through what {from} needs; the policy stays`,
  ),
  "forward-rule-drop": text(
    "firewall",
    t`some or all that is passed on is dead`,
    t`A rule in the firewall of {who} drops what it should pass on for {from}.`,
    t`The rules are read in order: the first that matches decides.`,
    t`deletes this one rule`,
  ),
  "return-not-accepted": text(
    "firewall",
    t`requests leave, answers are dropped`,
    t`The firewall of {who} lets requests out, but not the answers back in to {from}.`,
    t`An answer is a packet of its own. It needs a rule that accepts what belongs to a known conversation.`,
    t`lets answers through, and nothing that was not asked for`,
  ),
  "input-drop": text(
    "firewall",
    t`one does not answer, though it is reached`,
    t`The firewall of {who} drops what is for {who} itself.`,
    t`INPUT decides what reaches a machine; what it passes on for others goes through FORWARD.`,
    t`lets it in`,
  ),
  "output-drop": text(
    "firewall",
    t`Operation not permitted, or no answer`,
    t`The firewall of {who} lets nothing out.`,
    t`OUTPUT decides what a machine itself may send.`,
    t`lets it out`,
  ),
  "prerouting-drop": text(
    "firewall",
    t`packets arrive and vanish; FORWARD counts nothing`,
    t`A rule of {who} drops packets before routing, in table {table}.`,
    t`PREROUTING comes before all else: what it drops no other chain ever sees.`,
    t`deletes this one rule`,
  ),
  "postrouting-drop": text(
    "firewall",
    t`accepted by FORWARD, and yet lost`,
    t`A rule of {who} drops packets as they leave, in table {table}.`,
    t`POSTROUTING is the last hook before the wire.`,
    t`deletes this one rule`,
  ),
  "other-backend-drop": text(
    "firewall",
    t`\`iptables -S\` looks clean, and yet packets are dropped`,
    t`The other iptables of {who} drops the packet: \`iptables -S\` does not show it.`,
    t`Two backends, legacy and nf_tables, can hold rules at once. Both are asked, and one drop wins.`,
    t`changes the rules of that other backend alone`,
  ),
  "nftables-drop": text(
    "firewall",
    t`\`iptables -S\` looks clean, and yet packets are dropped`,
    t`A chain of nftables in {who}, {chain}, drops the packet: iptables does not show it.`,
    t`All chains of a hook are asked, one after the other, and one drop wins over every accept.`,
    t`changes this one chain of nftables`,
  ),
  "rule-may-drop": text(
    "firewall",
    t`packets are lost, all or some`,
    t`A rule in the firewall of {who} may be what drops it.`,
    t`Whether its condition holds cannot be read; but nothing else stands in the way, and the packet is lost.`,
    t`deletes this one rule`,
  ),
  "xfrm-blocks": text(
    "firewall",
    t`Operation not permitted, or silence; no firewall shows a rule`,
    t`A policy of IPsec in {who} blocks the packet ({direction}).`,
    t`The kernel asks its IPsec policies about every packet that it sends, receives or passes on, apart from all firewalls (ip-xfrm(8)).`,
    t`deletes this one policy`,
  ),
  "echo-ignored": text(
    "firewall",
    "ping fails, all else works",
    t`{who} is reached, but does not answer pings: icmp_echo_ignore_all is 1.`,
    t`This switch makes the kernel leave pings unanswered, and nothing else.`,
    t`lets {who} answer pings`,
  ),
  // --- nat -----------------------------------------------------------------
  "masquerade-missing": text(
    "nat",
    t`requests leave, no answer comes`,
    t`Nobody can answer {address}: packets leave by {dev} with this private sender.`,
    t`No router of the internet knows the way to a private address. The gateway has to write its own address instead (source NAT).`,
    t`lets {who} write its own address on what leaves by {dev}`,
  ),
  "masquerade-mismatch": text(
    "nat",
    t`the rule is there, with 0 packets`,
    t`There is a rule for source NAT, but it does not match: packets are {seen}.`,
    t`A rule whose condition does not hold is passed by, and packets leave with a private sender.`,
    t`replaces the rule by one that matches`,
  ),
  "masquerade-shadowed": text(
    "nat",
    t`the rule is there, with 0 packets`,
    t`The rule for source NAT is never reached: an earlier rule decides.`,
    t`The first rule of nat that matches decides for the whole conversation.`,
    t`deletes the earlier rule`,
  ),
  "snat-wrong": text(
    "nat",
    t`requests leave, no answer comes`,
    t`Packets leave by {dev} with the sender {address}, which {dev} does not have.`,
    t`Answers go to whoever has that address, or to nobody.`,
    t`writes the address of {dev} instead`,
  ),
  "dnat-diverts": text(
    "nat",
    t`somebody else answers, or nobody`,
    t`A rule of {who} sends packets for {to} to {address} instead.`,
    t`Destination NAT rewrites the receiver before routing.`,
    t`deletes this one rule`,
  ),
  "not-tracked": text(
    "nat",
    t`requests leave with a private sender, though the rule is there`,
    t`A rule of {who} keeps the packet out of connection tracking, and so out of NAT.`,
    t`NAT lives in the table of conversations: what is not tracked is not rewritten.`,
    t`deletes this one rule`,
  ),
  "nat-too-early": text(
    "nat",
    t`requests leave with a private sender, though the rule is there`,
    t`{who} decides about NAT on the bridge already, before it is clear where the packet leaves.`,
    t`With bridge-nf-call-iptables a packet that crosses the bridge to the router is held against the rules there: none matches, and that holds for the whole conversation.`,
    t`no longer asks iptables about what crosses a bridge`,
  ),
  "conntrack-stale": text(
    "nat",
    t`a new ping works, an old one never does`,
    t`A conversation of {address} from before the NAT rule still goes on without it.`,
    t`NAT is decided by a conversation's first packet, and kept for as long as it goes on.`,
    t`forgets the conversations of {address}: they begin anew`,
  ),
  "masquerade-too-wide": text(
    "nat",
    t`it works, but neighbours see the gateway as the sender`,
    t`The rule for source NAT rewrites traffic between neighbours as well.`,
    t`It names no way out, so it also matches what stays on this side.`,
    t`replaces it by a rule for what leaves by {dev}`,
  ),
  "masquerade-twice": text(
    "nat",
    t`it works; the rule is there twice`,
    t`The same rule for source NAT is there twice.`,
    t`The first one always decides: the second is never reached, and a later delete leaves one behind.`,
    t`deletes one of the two`,
  ),
  "hairpin-nat-missing": text(
    "nat",
    t`a published port is reached from outside, not from beside`,
    t`{from} asks for {to}, which leads back into its own network, to {address}: the answer does not come by {who}.`,
    t`Whoever is reached answers {from} directly, by its own address. Only {who} could rewrite that, and it never sees the answer. Unknown to {from}, the answer is thrown away.`,
    t`lets {who} write its own address on such connections, so that answers come by it`,
  ),
  // --- service -------------------------------------------------------------
  "nobody-listens": text(
    "service",
    t`ping passes, and a connection is refused`,
    t`Nobody listens on {protocol} port {port} of {who}.`,
    t`The packet arrives, and the kernel of {who} refuses it: no program waits there.`,
    "",
  ),
  "listens-elsewhere": text(
    "service",
    t`a connection is refused, though the program runs`,
    t`The program on {protocol} port {port} of {who} listens at {where} only, not at {address}.`,
    t`A socket that is bound to one address hears nothing that is for another. 127.0.0.1 is each namespace's own: nobody else can reach it. Let the program listen at 0.0.0.0, or at {address}.`,
    "",
  ),
  "resolver-missing": text(
    "service",
    t`addresses are reached, names are not found`,
    t`{who} has no resolver to ask: {why}.`,
    t`Without a line "nameserver" a program asks 127.0.0.1, where seldom anybody listens (resolv.conf(5)).`,
    "",
  ),
  "resolver-elsewhere": text(
    "service",
    t`addresses are reached, names are not found`,
    t`The resolver {address} is nobody's in {who}: it is another namespace's own.`,
    t`All of 127.0.0.0/8 stays within its namespace. A resolver that listens there on the machine, such as systemd-resolved at 127.0.0.53, hears nothing from others: give {who} a resolver that it can route to.`,
    "",
  ),
  "resolver-fails": text(
    "service",
    t`the resolver answers, without an address`,
    t`The resolver {to} is reached, and answers {said} for {name}.`,
    t`Packets get there and back. What the resolver itself asks, or is allowed to answer, is beyond them.`,
    "",
  ),
  "refused-beyond": text(
    "service",
    t`a connection is refused, by somebody out of view`,
    t`{to} refuses {port}, or somebody does in its name.`,
    t`A refusal came back: nobody listens there, or a firewall that was not looked into rejects it.`,
    "",
  ),
  // --- internet ------------------------------------------------------------
  "upstream-silent": text(
    "internet",
    t`the machine itself gets no answer either`,
    t`{who} itself gets no answer from {to}: the fault is beyond {dev}.`,
    t`All on this side is in order. The next router, or the target, does not answer.`,
    "",
  ),
  "upstream-gateway-silent": text(
    "internet",
    t`Host Unreachable, said by the gateway`,
    t`The next router, {via}, does not answer: nobody behind {dev} has this address.`,
    t`{who} asks the wire who has {via}, and nobody answers. Either that router is off, or the default route of {who} names a wrong address.`,
    "",
  ),
  "target-unknown": text(
    "internet",
    t`Net Unreachable or Host Unreachable, said from far away`,
    t`A router on the way says that there is no {to}.`,
    t`All on this side is in order: the packet went out, and {router} did not know where to.`,
    "",
  ),
  "unexplained": text(
    "internet",
    t`all looks right, and no answer comes`,
    t`{from} gets no answer from {to}, though all that could be read is in order.`,
    "{seen}",
    "",
  ),
} as const satisfies Record<string, Text>;

/** The name of a cause. */
export type Code = keyof typeof TEXTS;

/** A text of a code, with the names of the case filled in. */
export function say(
  code: Code,
  part: "cause" | "why" | "change",
  params: Record<string, string>,
): string {
  const filled = TEXTS[code][part].replace(
    /\{(\w+)\}/g,
    (_, name) => params[name] ?? "?",
  );
  // Names such as ns1 stay as they are, also at the beginning.
  return part === "change" ? filled : filled.replace(/^the /, "The ");
}
