/** Tests of what a figure says of a firewall, from rules as tools print them. */

import { assertEquals } from "@std/assert";
import { forwarded } from "../../lib/draw/forwarding.ts";
import { natTexts, savedChains } from "../../lib/draw/rules.ts";
import { readNftables } from "../../lib/net/firewall/nftables.ts";
import { emptyNamespace, type Link } from "../../lib/net/namespace.ts";

const eth0 = {
  name: "eth0",
  addresses: [{ local: "203.0.113.2", length: 24 }],
  addresses6: [],
} as Partial<Link> as Link;

const machine = { ...emptyNamespace(""), links: [eth0] };

const texts = (chains: ReturnType<typeof savedChains>) =>
  natTexts(chains, machine, "eth0").map(({ text }) => text);

Deno.test("draw: says which sender and which ports a rule of iptables rewrites", () => {
  const nat = [
    "-P PREROUTING ACCEPT",
    "-P POSTROUTING ACCEPT",
    "-N DOCKER",
    "-N NOBODY",
    "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    "-A POSTROUTING -p tcp -j MASQUERADE",
    "-A DOCKER -i docker0 -j RETURN",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    "-A DOCKER ! -i docker0 -p udp -m udp --dport 53:55 -j DNAT --to-destination 172.17.0.3",
    // Never asked: the one before it decides.
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.9:80",
    "-A NOBODY -j MASQUERADE",
  ];
  assertEquals(texts(savedChains({ nat })), [
    "MASQUERADE 172.17.0.0/16 as 203.0.113.2",
    "POSTROUTING -p tcp -j MASQUERADE",
    "published 8080/tcp to 172.17.0.2:80",
    "published 53-55/udp to 172.17.0.3",
  ]);
});

const chain = (
  name: string,
  hook: string,
  policy = "accept",
  type = "nat",
) => ({
  chain: {
    family: "ip",
    table: "t",
    name,
    handle: 1,
    type,
    hook,
    prio: 0,
    policy,
  },
});
// deno-lint-ignore no-explicit-any
const rule = (name: string, ...expr: any[]) => ({
  rule: { family: "ip", table: "t", chain: name, handle: 7, expr },
});
const is = (left: unknown, right: unknown) => ({
  match: { op: "==", left, right },
});
const field = (protocol: string, field: string) => ({
  payload: { protocol, field },
});
const nft = (...nftables: unknown[]) =>
  readNftables(JSON.stringify({ nftables }), "nft", () => false);

Deno.test("draw: says the same of rules of nft", () => {
  const source = is(field("ip", "saddr"), {
    prefix: { addr: "10.1.0.0", len: 24 },
  });
  const chains = nft(
    chain("post", "postrouting"),
    rule("post", source, is({ meta: { key: "oifname" } }, "eth0"), {
      masquerade: null,
    }),
    rule("post", source, { limit: {} }, { masquerade: null }),
    chain("pre", "prerouting"),
    rule("pre", is(field("tcp", "dport"), 8443), {
      dnat: { addr: "10.1.0.5", port: 443 },
    }),
  );
  assertEquals(texts(chains), [
    "MASQUERADE 10.1.0.0/24 as 203.0.113.2",
    "masquerade 10.1.0.0/24, for some (t post)",
    "published 8443/tcp to 10.1.0.5:443",
  ]);
});

Deno.test("draw: says that nothing is forwarded only where nothing is", () => {
  const drop = "-P FORWARD DROP";
  const accept = "-A FORWARD -s 10.1.0.0/24 -j ACCEPT";
  const of = (...filter: string[]) => forwarded(savedChains({ filter }));
  assertEquals(of("-P FORWARD ACCEPT"), "all");
  assertEquals(of(drop), "none");
  assertEquals(of(drop, accept), "some");
  assertEquals(of(drop, "-A FORWARD -j DROP", accept), "none");
  assertEquals(of(drop, "-A FORWARD -j ACCEPT"), "all");
  assertEquals(of("-P FORWARD ACCEPT", accept, "-A FORWARD -j REJECT"), "some");
  const jump = [drop, "-N X", "-A FORWARD -j X"];
  assertEquals(of(...jump, "-A X -s 10.0.0.1 -j ACCEPT"), "some");
  assertEquals(of(...jump, "-A X -j RETURN", "-A X -j ACCEPT"), "none");
  const vmap = {
    vmap: {
      key: { ct: { key: "state" } },
      data: { set: [["established", { accept: null }]] },
    },
  };
  const forward = chain("f", "forward", "drop", "filter");
  assertEquals(forwarded(nft(forward)), "none");
  assertEquals(forwarded(nft(forward, rule("f", vmap))), "some");
});
