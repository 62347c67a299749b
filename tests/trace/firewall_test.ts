import { assert, assertEquals, assertMatch } from "@std/assert";
import { fixPath, isInstalled } from "../../vm/path.ts";
import { death, evidence, labAt, shell, traced } from "./traced.ts";

fixPath();

Deno.test("trace: names the policy that drops, with its counter", async () => {
  // As Docker sets it on every host.
  await using lab = await labAt("nat", "iptables -P FORWARD DROP");
  const out = await traced(lab);
  assertEquals(death(out), "PC br0 in: dropped-by-policy");
  assertEquals(
    evidence(out)["iptables -S FORWARD"],
    "-P FORWARD DROP\npackets: 0 before, 1 after",
  );
  // A bridge that does not ask iptables switches as before.
  assertEquals((await traced(lab, "ns1 ns2")).verdict, "ok");

  // Let out, but not back in.
  await shell(lab, "iptables -A FORWARD -s 192.168.0.0/24 -j ACCEPT");
  const back = await traced(lab);
  assertEquals(death(back), "PC eth0 in: dropped-by-policy");
  assertEquals(back.cause?.leg, "reply");
  assertEquals(back.cause?.lastSeen?.src, "8.8.8.8");

  await shell(
    lab,
    "iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT",
  );
  assertEquals((await traced(lab)).verdict, "ok");
});

Deno.test("trace: names the rule that drops, wherever it is", async () => {
  await using lab = await labAt(
    "nat",
    "iptables -N GUARD",
    "iptables -A FORWARD -j GUARD",
    "iptables -A GUARD -d 8.8.8.8/32 -p icmp -j DROP",
    "ip netns exec ns2 iptables -A INPUT -s 192.168.0.1/32 -j DROP",
  );
  const routed = await traced(lab);
  assertEquals(death(routed), "PC br0 in: dropped-by-rule");
  assertEquals(
    evidence(routed)["iptables -S GUARD"],
    "-A GUARD -d 8.8.8.8/32 -p icmp -j DROP\npackets: 0 before, 1 after",
  );
  // TCP is none of that rule's.
  assertEquals((await traced(lab, "--tcp 53")).verdict, "ok");

  const received = await traced(lab, "ns1 ns2");
  assertEquals(death(received), "ns2 ns-veth2 in: dropped-by-rule");
  assert(
    "ip netns exec ns2 iptables -S INPUT" in evidence(received),
  );

  await shell(lab, "ip netns exec ns1 iptables -A OUTPUT -p icmp -j DROP");
  assertEquals(death(await traced(lab)), "unsent: dropped-by-rule");
});

const BRIDGE_ASKS = "/proc/sys/net/bridge/bridge-nf-call-iptables";
const noBridgeAsks = !exists(BRIDGE_ASKS);
Deno.test({
  name: "trace: sees that a bridge asks iptables about what it only switches" +
    (noBridgeAsks ? " (ignored: br_netfilter is not loaded)" : ""),
  ignore: noBridgeAsks,
  async fn() {
    await using lab = await labAt(
      "addr",
      "iptables -P FORWARD DROP",
      "sysctl -qw net.bridge.bridge-nf-call-iptables=1",
    );
    const trace = await traced(lab, "ns1 ns2");
    assertEquals(death(trace), "PC br-veth1 in: dropped-by-policy");
    assertEquals(trace.cause?.expected, "br0 passes it on");
    assertEquals(evidence(trace), {
      "iptables -S FORWARD": "-P FORWARD DROP\npackets: 0 before, 1 after",
      "sysctl net.bridge.bridge-nf-call-iptables":
        "net.bridge.bridge-nf-call-iptables = 1",
    });
  },
});

const noNft = !isInstalled("nft");
Deno.test({
  name: "trace: names a rule of native nftables, which has no counter" +
    (noNft ? " (ignored: nft is not installed)" : ""),
  ignore: noNft,
  async fn() {
    await using lab = await labAt("nat");
    const guard = (policy: string, ...rules: string[]) =>
      lab.exec(
        ["nft", "-f", "-"],
        `table inet guard
        delete table inet guard
        table inet guard {
          chain others { ip saddr 192.168.0.0/28 ip protocol icmp drop; }
          chain fw {
            type filter hook forward priority 0; policy ${policy};
            ${rules.join("\n")}
          }
        }`,
      );
    await guard("drop", 'iifname "eth9" accept', "ip saddr 10.0.0.0/8 accept");
    const policy = await traced(lab);
    assertEquals(death(policy), "PC br0 in: dropped-by-policy");
    assertMatch(
      evidence(policy)["nft -a list chain inet guard fw"],
      /hook forward .* policy drop/,
    );

    await guard("accept", "ip daddr != 8.8.8.8 accept", "jump others");
    const rule = await traced(lab);
    assertEquals(death(rule), "PC br0 in: dropped-by-rule");
    assertMatch(
      evidence(rule)["nft -a list chain inet guard others"],
      /^ip saddr 192\.168\.0\.0\/28 ip protocol icmp drop # handle \d+$/,
    );
    assertEquals(rule.cause?.code, "nftables-drop");

    // Of a match that nobody can judge beforehand the counter tells.
    await guard("accept", "limit rate over 1/day burst 1 packets counter drop");
    await traced(lab);
    const limited = await traced(lab);
    assertEquals(limited.cause?.code, "nftables-drop");
    assertMatch(
      evidence(limited)["nft -a list chain inet guard fw"],
      /counter packets \d+ .*drop # handle \d+\npackets: \d+ before, \d+ after$/s,
    );

    await guard("accept", "ip saddr 192.168.0.2 drop");
    assertEquals((await traced(lab)).verdict, "ok");

    // A bridge has hooks of its own, and so has every interface.
    await shell(
      lab,
      "nft add table bridge guard",
      "nft 'add chain bridge guard fw { type filter hook forward priority 0; }'",
      "nft add rule bridge guard fw iifname br-veth1 ip protocol icmp drop",
      "nft add table netdev guard",
      "nft 'add chain netdev guard in { type filter hook ingress device eth0 priority 0; }'",
      "nft add rule netdev guard in ip saddr 8.8.8.8 drop",
    );
    const switched = await traced(lab, "ns1 ns2");
    assertEquals(death(switched), "PC br-veth1 in: dropped-by-rule");
    assertMatch(
      evidence(switched)["nft -a list chain bridge guard fw"],
      /^iifname "br-veth1" ip protocol icmp drop # handle \d+$/,
    );
    const early = await traced(lab);
    assertEquals(death(early), "PC eth0 in: dropped-by-rule");
    assert("nft -a list chain netdev guard in" in evidence(early));
  },
});

Deno.test({
  name: "trace: names the rule of native nftables that rewrote the source" +
    (noNft ? " (ignored: nft is not installed)" : ""),
  ignore: noNft,
  async fn() {
    await using lab = await labAt(
      "gateway",
      "nft add table ip own",
      "nft 'add chain ip own post { type nat hook postrouting priority 100; }'",
      "nft add rule ip own post oifname eth0 masquerade",
    );
    const trace = await traced(lab);
    assertEquals(trace.verdict, "ok");
    const action = trace.events.find((event) =>
      event.kind === "action" && event.what === "rewritten"
    );
    assert(action?.kind === "action");
    assertEquals(action.because, 'oifname "eth0" masquerade');
  },
});

function exists(path: string): boolean {
  try {
    // Deno does not read below /proc.
    return new Deno.Command("test", { args: ["-e", path] }).outputSync()
      .success;
  } catch {
    return false;
  }
}
