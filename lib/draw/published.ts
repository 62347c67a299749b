/** Which ports lead to somebody else: rules that rewrite the receiver. */

import { t } from "../cli/translate.ts";
import type { Packet } from "../net/firewall/packet.ts";
import { passHook } from "../net/firewall/pass_hook.ts";
import type { Rewrite, Rule, Statement } from "../net/firewall/ruleset.ts";
import { address, type Place, probe } from "./probe.ts";

/** Ports that lead to the same place. */
interface Range {
  first: number;
  last: number;
  to: Rewrite;
}

/**
 * `published 8080/tcp to 172.17.0.2:80`, for each range of ports of which a
 * rule is asked and matches; undefined where that cannot be told.
 */
export function publishedTexts(
  rule: Rule,
  place: Place,
): string[] | undefined {
  const tests = rule.statements.flatMap((each) =>
    each.does === "match" ? [each.test] : []
  );
  const nat = rule.statements.find(({ does }) => does === "nat");
  if (nat?.does !== "nat") return;
  const only = rule.to?.replace(/\/32$/, "");
  const packet = toUs(place, only?.includes("/") ? undefined : only);
  const texts: string[] = [];
  for (const protocol of ["tcp", "udp"] as const) {
    const ranges = rangesOf(tests, nat.to, { ...packet, protocol });
    if (!ranges) return;
    for (const { first, last, to } of ranges) {
      if (!decides(rule, { ...packet, protocol, dport: first }, place)) {
        continue;
      }
      const ports = first === 0 && last === LAST
        ? t`all ports`
        : first === last
        ? `${first}`
        : `${first}-${last}`;
      const what = `${only ? `${only}:` : ""}${ports}/${protocol}`;
      const where = [to.address ?? t`this machine`, to.port].filter(Boolean)
        .join(":");
      texts.push(t`published ${what} to ${where}`);
    }
  }
  return texts;
}

const LAST = 65535;

/** A packet from outside for an address of ours, or for a given one. */
function toUs({ namespace, uplink }: Place, given?: string): Packet {
  const own = namespace.links.flatMap(({ addresses }) =>
    addresses.map(({ local }) => local)
  );
  const dst = given ?? address(namespace, uplink) ??
    own.find((each) => !each.startsWith("127.")) ?? "192.0.2.2";
  const isLocal = dst.startsWith("127.");
  return probe({
    src: isLocal ? dst : "192.0.2.1",
    dst,
    own,
    iif: isLocal ? "lo" : uplink ?? "-",
    oif: isLocal ? "lo" : undefined,
    sport: 50000,
    flags: ["syn"],
  });
}

/** Of all ports those that match; undefined where nobody can tell of one. */
function rangesOf(
  tests: Extract<Statement, { does: "match" }>["test"][],
  to: (packet: Packet) => Rewrite | undefined,
  packet: Packet,
): Range[] | undefined {
  const ranges: Range[] = [];
  // What does not match whatever the port is, such as another protocol.
  const held = tests.map((test) => test(packet));
  if (held.includes(false)) return ranges;
  // What is sure without a port does not ask for it.
  const open = tests.filter((_, i) => held[i] === undefined);
  // One packet for all ports: a rule is asked of tens of thousands.
  const asked = { ...packet };
  for (let dport = 0; dport <= LAST; dport++) {
    asked.dport = dport;
    if (open.some((test) => test(asked) === false)) continue;
    if (open.some((test) => test(asked) === undefined)) return;
    const told = to(asked);
    if (!told) continue;
    const before = ranges.at(-1);
    const isSame = before?.last === dport - 1 &&
      before.to.address === told.address && before.to.port === told.port;
    if (isSame) before.last = dport;
    else ranges.push({ first: dport, last: dport, to: told });
  }
  return ranges;
}

/** Whether a packet gets to a rule, and no other rewrites it before. */
function decides(rule: Rule, packet: Packet, { chains }: Place): boolean {
  const hook = packet.oif ? "output" : "prerouting";
  return passHook(chains, ["ip", "inet"], hook, packet)
    .some(({ nat }) => nat?.rule === rule);
}
