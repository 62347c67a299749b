import { assertEquals } from "@std/assert";
import { hits, readCounted } from "../../lib/trace/rule_counters.ts";
import { chainsFrom, ruleFits } from "../../lib/trace/rule_fits.ts";

Deno.test("ruleFits: a rule about other packets is not to blame, whatever it counts", () => {
  const packet = {
    in: "br0",
    out: "eth0",
    src: "192.168.0.1",
    dst: "8.8.8.8",
    protocol: 1,
  };
  const fits: Record<string, boolean> = {
    "-A FORWARD -j DROP": true,
    "-A FORWARD -s 192.168.0.0/24 -d 8.8.8.8/32 -i br+ -o eth0 -j DROP": true,
    "-A FORWARD -s 10.0.0.0/8 -j DROP": false,
    "-A FORWARD ! -s 10.0.0.0/8 -j DROP": true,
    "-A FORWARD ! -d 8.8.8.8/32 -j DROP": false,
    "-A FORWARD -i eth0 -j DROP": false,
    "-A FORWARD ! -i eth0 -p icmp -j DROP": true,
    "-A FORWARD -p tcp -m tcp --dport 25 -j DROP": false,
  };
  for (const [text, expected] of Object.entries(fits)) {
    const [rule] = readCounted(`*filter\n[1:84] ${text}`);
    assertEquals(ruleFits(rule, packet), expected, text);
  }
});

Deno.test("chainsFrom: only what was hit leads on to another chain", () => {
  const before = readCounted(`*filter
:INPUT ACCEPT [5:420]
:FORWARD ACCEPT [0:0]
:GUARD - [0:0]
:NOISE - [0:0]
[3:252] -A INPUT -j NOISE
[0:0] -A FORWARD -j GUARD
[0:0] -A GUARD -j DROP
[3:252] -A NOISE -j DROP`);
  const after = before.map((rule) => ({ ...rule, packets: rule.packets + 1 }));
  const all = hits(before, after);
  assertEquals(all.length, 6);
  assertEquals(
    [...chainsFrom(["forward"], "filter", all)],
    ["FORWARD", "ACCEPT", "GUARD", "DROP"],
  );
  // A chain that is the user's own has no counter of its own.
  assertEquals(hits(before, before), []);
});
