/**
 * Chapter publish.
 *
 * Starts from chapter shortcut, whose bridge has the gateway's address as
 * docker0 has, in a sandbox of its own.
 *
 * The idea: the world can write to the PC's address and to no other. So the PC
 * puts up a letterbox, port 8080, and whatever is thrown in goes to port 80 of
 * ns1: *destination* NAT. As with source NAT, only the first packet of a
 * conversation is held against the rules, and the answers find back by
 * conntrack.
 *
 *     outside --> to 203.0.113.2:8080  [ PC: to := 192.168.0.1:80 ] --> ns1
 *
 * One rule serves those who come from outside. Three kinds of visitors need
 * more, because their packets go another way through the PC:
 *
 *     who                    his packets       what he needs
 *     outside                come in by eth0   DNAT in PREROUTING
 *     the PC itself          never come in     the same DNAT in OUTPUT
 *     the PC by 127.0.0.1    and are from lo   also SNAT, and route_localnet
 *     ns2, or ns1 itself     turn round        also SNAT: a *hairpin*
 *
 * Docker's rules for the first two read nearly the same. For the others it
 * starts a small program beside them, docker-proxy, which listens on 8080 and
 * copies: it works even without any NAT, at the price of a process for each
 * port, and ns1 sees the gateway as its visitor. We use the kernel alone, which
 * Docker also does when told `--userland-proxy=false`. Chapter docker shows
 * Docker's rules beside these.
 *
 * @module
 */

import type { Chapter } from "../../lib/course/chapter.ts";

/** A port of the PC that leads into ns1. */
export const publish: Chapter = {
  name: "publish",
  idea: "-p 8080:80, a letterbox at the door",
  from: "shortcut",
  needs: ["--allow-run=deno"],
  commands: [
    // A web server in ns1. It greets each visitor by the address it sees.
    "ip netns exec ns1 deno run -N scripts/beyond/http/serve.ts &",
    // Whatever comes in for an address of the PC's own (--dst-type LOCAL) and
    // port 8080 is for ns1, port 80. Before routing, which then knows the way.
    "iptables -t nat -A PREROUTING -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 192.168.0.1:80",
    // What the PC's own programs send does not come in, it only goes out.
    "iptables -t nat -A OUTPUT -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 192.168.0.1:80",
    // A packet from 127.0.0.1 may not leave by a wire, nor an answer come in
    // to it, unless the wire's card is told so. A price is paid: neighbours on
    // this wire can now reach what listens on the PC's 127.0.0.1.
    "sysctl -w net.ipv4.conf.br0.route_localnet=1",
    // And nobody could answer 127.0.0.1, which everybody is to himself.
    "iptables -t nat -A POSTROUTING -s 127.0.0.0/8 -o br0 -j MASQUERADE",
    // The hairpin: ns2 asks the PC and is passed on to ns1, its neighbour. ns1
    // would answer ns2 directly, and ns2 would throw that away: it had asked
    // somebody else. With the PC as the sender the answer comes back this way.
    "iptables -t nat -A POSTROUTING -s 192.168.0.0/24 -d 192.168.0.1 -p tcp --dport 80 -j MASQUERADE",
  ],
  facts: [
    {
      table: "nat",
      rule:
        "-A PREROUTING -p tcp -m tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 192.168.0.1:80",
    },
    {
      table: "nat",
      rule:
        "-A OUTPUT -p tcp -m tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 192.168.0.1:80",
    },
    {
      table: "nat",
      rule: "-A POSTROUTING -s 127.0.0.0/8 -o br0 -j MASQUERADE",
    },
    {
      table: "nat",
      rule:
        "-A POSTROUTING -s 192.168.0.0/24 -d 192.168.0.1/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
    },
  ],
  look: [
    // Each rule with a counter of the conversations that it rewrote.
    { command: "iptables -t nat -vnL", shows: "DNAT" },
    // The server knows nothing of 8080: it listens on port 80 of ns1.
    { command: "ip netns exec ns1 ss -ltn", shows: ":80" },
  ],
  // All four are answered. The greeting says whom the server believes to have
  // before it: outside comes under its own address, all others as the PC.
  probes: [
    {
      from: "outside",
      to: "203.0.113.2:8080",
      command:
        "ip netns exec outside deno run -N scripts/beyond/http/get.ts http://203.0.113.2:8080",
      verdict: "ok",
    },
    {
      from: "the PC",
      to: "203.0.113.2:8080",
      command: "deno run -N scripts/beyond/http/get.ts http://203.0.113.2:8080",
      verdict: "ok",
    },
    {
      from: "the PC",
      to: "127.0.0.1:8080",
      command: "deno run -N scripts/beyond/http/get.ts http://127.0.0.1:8080",
      verdict: "ok",
    },
    {
      from: "ns2",
      to: "203.0.113.2:8080",
      command:
        "ip netns exec ns2 deno run -N scripts/beyond/http/get.ts http://203.0.113.2:8080",
      verdict: "ok",
    },
  ],
  undo: [
    "iptables -t nat -D POSTROUTING -s 192.168.0.0/24 -d 192.168.0.1 -p tcp --dport 80 -j MASQUERADE",
    "iptables -t nat -D POSTROUTING -s 127.0.0.0/8 -o br0 -j MASQUERADE",
    "sysctl -w net.ipv4.conf.br0.route_localnet=0",
    "iptables -t nat -D OUTPUT -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 192.168.0.1:80",
    "iptables -t nat -D PREROUTING -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 192.168.0.1:80",
    // The server, by what it runs.
    "ip netns exec ns1 pkill -f http/serve.ts",
  ],
};

if (import.meta.main) console.log("Type: deno task beyond:publish");
