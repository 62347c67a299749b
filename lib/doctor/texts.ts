/**
 * What the doctor says of each cause: English, all of it in this one place.
 * `{x}` stands for a name of the case at hand.
 */

import type { Layer } from "./types.ts";

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
    "there is no such namespace",
    "There is no namespace {who}.",
    "A computer that does not exist cannot send.",
    "makes {who} and its cable anew",
  ),
  "namespace-broken": text(
    "environment",
    "its name is there, yet nothing can enter it",
    "{who} is only a name: the file behind it is no namespace.",
    "`ip netns add` was cut short, or the name was unmounted: an empty file is left, and nobody can enter it.",
    "removes the dead name and makes {who} anew",
  ),
  // --- link ----------------------------------------------------------------
  "loopback-down": text(
    "link",
    "a namespace cannot ping itself",
    "{who} cannot talk to itself: its lo is down.",
    "Packets to one's own address go over lo, whatever the address.",
    "switches lo of {who} on",
  ),
  "link-missing": text(
    "link",
    "Network is unreachable",
    "{who} has no network card: nothing but lo is in it.",
    "Without an interface there is nowhere to send to.",
    "makes a cable and plugs it in",
  ),
  "link-down": text(
    "link",
    "Network is unreachable; nobody reaches it",
    "{dev} in {who} is switched off.",
    "An interface that is down sends and hears nothing, and going down deleted the routes that led out by it.",
    "switches {dev} on, and adds the route again that went with it",
  ),
  "host-end-down": text(
    "link",
    "one namespace is dead; its own end shows NO-CARRIER",
    "The other end of the cable from {who}, {dev}, is switched off.",
    "A cable works only while both of its ends are up.",
    "switches {dev} on",
  ),
  "cable-unplugged": text(
    "link",
    "NO-CARRIER, though both ends are up",
    "{dev} in {who} has no carrier.",
    "The cable behind it leads nowhere.",
    "",
  ),
  "bridge-missing": text(
    "link",
    "nobody reaches anybody",
    "There is no bridge {bridge}: the cables have no switch to be plugged into.",
    "Ends that no bridge joins cannot hear each other.",
    "makes {bridge} and plugs the cables into it",
  ),
  "bridge-port-missing": text(
    "link",
    "one namespace is dead",
    "The cable of {who} is not plugged in: {dev} is a port of no bridge.",
    "What {who} sends arrives at {dev} and ends there.",
    "plugs {dev} into {bridge}{forget}",
  ),
  "bridge-port-elsewhere": text(
    "link",
    "one namespace is dead, though it is plugged in",
    "The cable of {who} is plugged into another switch: {dev} is a port of {wrong}, not of {bridge}.",
    "Two bridges are two networks: nothing passes from one to the other.",
    "moves {dev} from {wrong} to {bridge}{forget}",
  ),
  "bridge-down": text(
    "link",
    "everybody on the bridge is dead",
    "The bridge {bridge} is switched off.",
    "A switch without power passes nothing on, whatever is plugged in.",
    "switches {bridge} on",
  ),
  "address-on-port": text(
    "link",
    "dead since an interface was put into a bridge",
    "{dev} of {who} is a port of {bridge}, and yet {who} sends by it as {address}.",
    "A port hands all that it receives to its bridge. So answers for {dev}, those of ARP as well, come in by {bridge} and are not known for what they are.",
    "takes {dev} out of {bridge}",
  ),
  "port-blocked": text(
    "link",
    "dead, for up to 30 seconds or for good",
    "The bridge's port {dev} passes nothing on: its state is {state}.",
    "Only a port in state forwarding passes frames on. With STP a port listens and learns for 30 seconds first.",
    "lets {dev} pass frames on",
  ),
  "port-isolated": text(
    "link",
    "neighbours do not answer each other, the gateway does",
    "The ports {dev} and {other} are isolated from each other.",
    "The bridge passes nothing between two ports that are both isolated.",
    "lets {dev} talk to every port",
  ),
  "port-locked": text(
    "link",
    "one namespace is dead",
    "The bridge's port {dev} is locked: it takes frames only from senders it was told of.",
    "Frames from any other MAC address are dropped (802.1X).",
    "unlocks {dev}",
  ),
  "flooding-off": text(
    "link",
    "dead until the bridge has learned an address by luck",
    "The bridge's port {dev} gets no frame for a MAC address that the bridge has not learned: {what} is off.",
    "A switch sends what it cannot place to all ports; this one is left out.",
    "switches {what} on for {dev}",
  ),
  "vlan-mismatch": text(
    "link",
    "dead, though plugged in and up",
    "{dev} and {other} are in different VLANs of {bridge}.",
    "A bridge with VLAN filtering passes frames only between ports of one VLAN.",
    "puts {dev} into VLAN {vlan}",
  ),
  "mac-duplicate": text(
    "link",
    "answers come and go, or go to somebody else",
    "{who} and {other} have the same MAC address, {mac}.",
    "The bridge keeps one port for each MAC address: whoever spoke last gets the frames.",
    "gives {dev} of {other} a MAC address of its own",
  ),
  "fdb-wrong": text(
    "link",
    "frames go to the wrong port",
    "The bridge has been told by hand that {mac} is behind {wrong}; it is behind {dev}.",
    "A static entry of the bridge's table beats what the bridge learns.",
    "deletes that entry: the bridge learns the right port by itself",
  ),
  "mtu-mismatch": text(
    "link",
    "small packets pass, large ones are lost",
    "Large packets are lost: {dev} takes {mtu} bytes, its neighbours on the way {other}.",
    "A bridge cannot split a packet: what is too large for the next cable is dropped without a word.",
    "lets {dev} take {other} bytes like the rest",
  ),
  "queue-drops": text(
    "link",
    "packets are lost, all or some",
    "The queue of {dev} may be what loses packets: it is limited by hand.",
    "A queue sits between an interface and its cable. Nothing else sees what it throws away (tc-tbf(8), tc-netem(8)).",
    "gives {dev} the kernel's own queue again",
  ),
  // --- address -------------------------------------------------------------
  "address-missing": text(
    "address",
    "Network is unreachable",
    "{dev} in {who} has no address.",
    "Without an address nobody can answer {who}, and it has no route to its neighbours.",
    "gives {dev} its address, and {who} the route that went with it",
  ),
  "address-duplicate": text(
    "address",
    "answers come and go, or go to somebody else",
    "Two have the same address: {address} is in {who} and in {other}.",
    "Whoever answers first is believed: packets for one go to the other.",
    "takes {address} away from {other}, and lets others forget where it was",
  ),
  "prefix-wrong": text(
    "address",
    "some neighbours or the gateway are unreachable",
    "{who} takes its network for another size: {address}, where the others have /{length}.",
    "The prefix says who is a neighbour. With another one than the others', {who} sends to the wrong place, or not at all.",
    "gives {dev} the prefix /{length} and the route that depends on it",
  ),
  "gateway-address-missing": text(
    "address",
    "neighbours answer, the gateway does not",
    "Nobody has the gateway's address {address}.",
    "{who} asks the wire who has {address}, and nobody answers.",
    "gives {address} to {dev}",
  ),
  "neighbour-silent": text(
    "address",
    "Host Unreachable, said by the sender itself",
    "Nobody on the segment of {who} has the address {address}.",
    "{who} takes {address} for a neighbour, asks by ARP who has it, and nobody answers.",
    "",
  ),
  "neighbour-wrong": text(
    "address",
    "dead for some time, or for good",
    "{who} sends frames for {address} to the wrong MAC address, {mac}.",
    "An old or hand-made entry of the neighbour table names a card that {address} does not have (any more).",
    "deletes that entry: {who} asks anew",
  ),
  "arp-off": text(
    "address",
    "dead, though all is up",
    "{dev} in {who} neither asks for MAC addresses nor answers: ARP is off.",
    "Without ARP nobody learns which MAC address belongs to an address.",
    "switches ARP on for {dev}",
  ),
  "arp-ignored": text(
    "address",
    "nobody finds it, though all is up",
    "{who} does not tell its MAC address: arp_ignore is {value}.",
    "With this switch the kernel leaves the question who has {address} unanswered.",
    "lets {who} answer such questions",
  ),
  "address-not-local": text(
    "address",
    "it has the address, and yet does not answer for it",
    "{who} does not take {address} for its own: its table of local addresses lacks it.",
    "The table `local` tells the kernel which packets are for itself. It came with the address, and this entry was deleted since.",
    "adds that entry again",
  ),
  // --- route ---------------------------------------------------------------
  "routing-rule-missing": text(
    "route",
    "Network is unreachable, though every route is there",
    "{who} never looks into its routing table {table}: no routing rule says so.",
    "A routing table counts only where a rule leads to it. The three rules that a kernel starts with lead to local, main and default.",
    "adds that rule again",
  ),
  "no-default-route": text(
    "route",
    "Network is unreachable, for the internet only",
    "{who} does not know where the internet is: it has no default route.",
    "For an address that is no neighbour's the kernel needs a gateway. Without one it does not even send.",
    "adds the default route of {who}",
  ),
  "neighbour-route-missing": text(
    "route",
    "Network is unreachable, for neighbours",
    "{who} has no route to its own network {network}.",
    "The route came with the address and was deleted since.",
    "adds that route again",
  ),
  "gateway-wrong": text(
    "route",
    "no answer, or Redirect, or Host Unreachable",
    "The default route of {who} leads to {wrong}, which is not the gateway.",
    "{reason}",
    "lets the default route lead to {gateway}",
  ),
  "route-blocks": text(
    "route",
    "refused at once, or silently dropped",
    "A route of {who} forbids the way to {to}: it is of type {type}.",
    "Such a route drops or refuses all that it covers, whatever other routes say.",
    "deletes that route",
  ),
  "rule-blocks": text(
    "route",
    "refused at once, or silently dropped",
    "A routing rule of {who} forbids the way to {to}: its action is {action}.",
    "Routing rules come before all routing tables: this one refuses what it matches.",
    "deletes that rule",
  ),
  "source-wrong": text(
    "route",
    "requests leave, no answer comes",
    "{who} sends with the address {address}, which {dev} does not have.",
    "The default route names another sender than the address of its own interface. Answers go to that one.",
    "lets {who} send with the address of {dev}",
  ),
  "route-astray": text(
    "route",
    "no answer",
    "A route of {who} leads {to} astray, out by {dev}{via}.",
    "The most specific route decides, and where this one leads nobody takes the packet further.",
    "deletes that route",
  ),
  "subnet-elsewhere": text(
    "route",
    "gateway and internet are dead, neighbours answer",
    "{who} believes {address} to be behind {wrong}; it is behind {dev}.",
    "Answers leave by the wrong interface: another route for the same network, or a routing rule, comes first.",
    "removes what leads {address} to {wrong}",
  ),
  "machine-no-default-route": text(
    "route",
    "Net Unreachable, said by the gateway",
    "{who} itself has no way to the internet: it has no default route.",
    "It cannot pass on what it does not know where to send.",
    "adds the default route of {who}",
  ),
  "uplink-down": text(
    "route",
    "Net Unreachable or Host Unreachable, said by the gateway",
    "The uplink of {who}, {dev}, is switched off.",
    "All that is for the internet leaves by it, and going down deleted the default route.",
    "switches {dev} on, and adds the default route that went with it",
  ),
  "no-way-back": text(
    "route",
    "requests arrive, answers do not",
    "{who} has no way back to {address}.",
    "Every answer needs a route as well.",
    "adds that route",
  ),
  // --- forwarding ----------------------------------------------------------
  "forwarding-off": text(
    "forwarding",
    "the gateway answers, the internet does not",
    "{who} is no router: it does not pass on packets that are for others.",
    "A Linux throws away what is not for itself unless it is told to forward.",
    "lets {who} forward packets, on all of its interfaces",
  ),
  "forwarding-off-interface": text(
    "forwarding",
    "the gateway answers, the internet does not",
    "{who} does not pass on what comes in by {dev}.",
    "Forwarding is on in general, but off for this one interface.",
    "lets {who} forward what comes in by {dev}",
  ),
  "reverse-path-filter": text(
    "forwarding",
    "packets arrive and vanish without a trace",
    "{who} drops what comes in by {dev} from {address}: it would send the answer out elsewhere.",
    "The strict reverse path filter takes a sender for forged if the way back is another one than the way in (RFC 3704).",
    "sets the filter of {dev} to loose: any way back will do",
  ),
  "ttl-too-low": text(
    "forwarding",
    "Time to live exceeded",
    "Packets of {who} die of old age at a router: they set out with a TTL of {ttl}.",
    "Every router on the way takes one off, and at 0 the packet is thrown away.",
    "lets packets start with a TTL of 64",
  ),
  // --- firewall ------------------------------------------------------------
  "forward-policy-drop": text(
    "firewall",
    "the internet is dead; on Docker's hosts neighbours as well",
    "The firewall of {who} passes nothing on: the policy of FORWARD is DROP, and no rule lets {from} through.",
    "What no rule of the chain accepts meets its policy.",
    "lets through what {from} needs; the policy stays",
  ),
  "forward-rule-drop": text(
    "firewall",
    "some or all that is passed on is dead",
    "A rule in the firewall of {who} drops what it should pass on for {from}.",
    "The rules are read in order: the first that matches decides.",
    "deletes this one rule",
  ),
  "return-not-accepted": text(
    "firewall",
    "requests leave, answers are dropped",
    "The firewall of {who} lets requests out, but not the answers back in to {from}.",
    "An answer is a packet of its own. It needs a rule that accepts what belongs to a known conversation.",
    "lets answers through, and nothing that was not asked for",
  ),
  "input-drop": text(
    "firewall",
    "one does not answer, though it is reached",
    "The firewall of {who} drops what is for {who} itself.",
    "INPUT decides what reaches a machine; what it passes on for others goes through FORWARD.",
    "lets it in",
  ),
  "output-drop": text(
    "firewall",
    "Operation not permitted, or no answer",
    "The firewall of {who} lets nothing out.",
    "OUTPUT decides what a machine itself may send.",
    "lets it out",
  ),
  "prerouting-drop": text(
    "firewall",
    "packets arrive and vanish; FORWARD counts nothing",
    "A rule of {who} drops packets before routing, in table {table}.",
    "PREROUTING comes before all else: what it drops no other chain ever sees.",
    "deletes this one rule",
  ),
  "postrouting-drop": text(
    "firewall",
    "accepted by FORWARD, and yet lost",
    "A rule of {who} drops packets as they leave, in table {table}.",
    "POSTROUTING is the last hook before the wire.",
    "deletes this one rule",
  ),
  "other-backend-drop": text(
    "firewall",
    "`iptables -S` looks clean, and yet packets are dropped",
    "The other iptables of {who} drops the packet: `iptables -S` does not show it.",
    "Two backends, legacy and nf_tables, can hold rules at once. Both are asked, and one drop wins.",
    "changes the rules of that other backend alone",
  ),
  "nftables-drop": text(
    "firewall",
    "`iptables -S` looks clean, and yet packets are dropped",
    "A chain of nftables in {who}, {chain}, drops the packet: iptables does not show it.",
    "All chains of a hook are asked, one after the other, and one drop wins over every accept.",
    "changes this one chain of nftables",
  ),
  "rule-may-drop": text(
    "firewall",
    "packets are lost, all or some",
    "A rule in the firewall of {who} may be what drops it.",
    "Whether its condition holds cannot be read; but nothing else stands in the way, and the packet is lost.",
    "deletes this one rule",
  ),
  "xfrm-blocks": text(
    "firewall",
    "Operation not permitted, or silence; no firewall shows a rule",
    "A policy of IPsec in {who} blocks the packet ({direction}).",
    "The kernel asks its IPsec policies about every packet that it sends, receives or passes on, apart from all firewalls (ip-xfrm(8)).",
    "deletes this one policy",
  ),
  "echo-ignored": text(
    "firewall",
    "ping fails, all else works",
    "{who} is reached, but does not answer pings: icmp_echo_ignore_all is 1.",
    "This switch makes the kernel leave pings unanswered, and nothing else.",
    "lets {who} answer pings",
  ),
  // --- nat -----------------------------------------------------------------
  "masquerade-missing": text(
    "nat",
    "requests leave, no answer comes",
    "Nobody can answer {address}: packets leave by {dev} with this private sender.",
    "No router of the internet knows the way to a private address. The gateway has to write its own address instead (source NAT).",
    "lets {who} write its own address on what leaves by {dev}",
  ),
  "masquerade-mismatch": text(
    "nat",
    "the rule is there, with 0 packets",
    "There is a rule for source NAT, but it does not match: packets are {seen}.",
    "A rule whose condition does not hold is passed by, and packets leave with a private sender.",
    "replaces the rule by one that matches",
  ),
  "masquerade-shadowed": text(
    "nat",
    "the rule is there, with 0 packets",
    "The rule for source NAT is never reached: an earlier rule decides.",
    "The first rule of nat that matches decides for the whole conversation.",
    "deletes the earlier rule",
  ),
  "snat-wrong": text(
    "nat",
    "requests leave, no answer comes",
    "Packets leave with the sender {address}, which {who} does not have.",
    "Answers go to whoever has that address.",
    "writes the address of {dev} instead",
  ),
  "dnat-diverts": text(
    "nat",
    "somebody else answers, or nobody",
    "A rule of {who} sends packets for {to} to {address} instead.",
    "Destination NAT rewrites the receiver before routing.",
    "deletes this one rule",
  ),
  "not-tracked": text(
    "nat",
    "requests leave with a private sender, though the rule is there",
    "A rule of {who} keeps the packet out of connection tracking, and so out of NAT.",
    "NAT lives in the table of conversations: what is not tracked is not rewritten.",
    "deletes this one rule",
  ),
  "nat-too-early": text(
    "nat",
    "requests leave with a private sender, though the rule is there",
    "{who} decides about NAT on the bridge already, before it is clear where the packet leaves.",
    "With bridge-nf-call-iptables a packet that crosses the bridge to the router is held against the rules there: none matches, and that holds for the whole conversation.",
    "no longer asks iptables about what crosses a bridge",
  ),
  "conntrack-stale": text(
    "nat",
    "a new ping works, an old one never does",
    "A conversation of {address} from before the NAT rule still goes on without it.",
    "NAT is decided by a conversation's first packet, and kept for as long as it goes on.",
    "forgets the conversations of {address}: they begin anew",
  ),
  "masquerade-too-wide": text(
    "nat",
    "it works, but neighbours see the gateway as the sender",
    "The rule for source NAT rewrites traffic between neighbours as well.",
    "It names no way out, so it also matches what stays on this side.",
    "replaces it by a rule for what leaves by {dev}",
  ),
  "masquerade-twice": text(
    "nat",
    "it works; the rule is there twice",
    "The same rule for source NAT is there twice.",
    "The first one always decides: the second is never reached, and a later delete leaves one behind.",
    "deletes one of the two",
  ),
  // --- internet ------------------------------------------------------------
  "upstream-silent": text(
    "internet",
    "the machine itself gets no answer either",
    "{who} itself gets no answer from {to}: the fault is beyond {dev}.",
    "All on this side is in order. The next router, or the target, does not answer.",
    "",
  ),
  "upstream-gateway-silent": text(
    "internet",
    "Host Unreachable, said by the gateway",
    "The next router, {via}, does not answer: nobody behind {dev} has this address.",
    "{who} asks the wire who has {via}, and nobody answers. Either that router is off, or the default route of {who} names a wrong address.",
    "",
  ),
  "target-unknown": text(
    "internet",
    "Net Unreachable or Host Unreachable, said from far away",
    "A router on the way says that there is no {to}.",
    "All on this side is in order: the packet went out, and {router} did not know where to.",
    "",
  ),
  "unexplained": text(
    "internet",
    "all looks right, and no answer comes",
    "{from} gets no answer from {to}, though all that could be read is in order.",
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
