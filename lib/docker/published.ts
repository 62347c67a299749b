/** What is behind a published port: a rule, a process, both, or nothing. */

import { tryRun } from "../net/firewall/read.ts";
import { ruleText } from "../net/firewall/rule_text.ts";
import { type Chain, matches, type Rule } from "../net/firewall/ruleset.ts";
import type { Packet } from "../net/firewall/packet.ts";
import type { Inspected } from "./inspect.ts";

/** A port of the machine that leads to a container. */
export interface Published {
  /** The container's name. */
  container: string;
  /** `tcp` or `udp`. */
  protocol: "tcp" | "udp";
  /** The machine's address; `*` for all of them. */
  hostAddress: string;
  /** The machine's port. */
  hostPort: number;
  /** The container's. */
  containerPort: number;
  /** What leads there, as it was found; nothing, if it is empty. */
  behind: Behind[];
}

/** One thing that leads there, or keeps the port. */
export type Behind =
  /** A rule that rewrites the receiver's address. */
  | { kind: "rule"; backend: "iptables" | "nftables"; rule: string }
  /** A process that carries on what it accepts. */
  | { kind: "proxy"; program: string; pid?: number; address: string }
  /** A process that has taken the port, so that nobody else does. */
  | { kind: "holder"; program: string; pid?: number; address: string };

/** A process that listens. */
export interface Listener {
  /** The protocol. */
  protocol: string;
  /** `*` for any. */
  address: string;
  /** The port. */
  port: number;
  /** Its name; "" if we may not know. */
  program: string;
  /** Its id. */
  pid?: number;
}

const PROXIES = /^(docker-proxy|rootlessport|rootlesskit|slirp4netns|pasta)/;

/** Finds what is behind every published port of the containers. */
export async function readPublished(
  containers: readonly Inspected[],
  chains: readonly Chain[],
): Promise<Published[]> {
  const asked = containers.flatMap((each) =>
    each.published.map((port) => ({ each, port }))
  );
  if (asked.length === 0) return [];
  const listeners = await readListeners();
  return await Promise.all(asked.map(async ({ each, port }) => {
    const addresses = each.cards.flatMap(({ address }) =>
      address?.split("/")[0] ?? []
    );
    const published = { container: each.name, ...port };
    const rules = rulesBehind(published, addresses, chains);
    return {
      ...published,
      behind: [
        ...await Promise.all(rules.map(async ({ backend, rule }) => ({
          kind: "rule" as const,
          backend,
          rule: await ruleText(rule) ?? rule.line,
        }))),
        ...listenersBehind(published, listeners),
      ],
    };
  }));
}

/** The port alone. */
export type Port = Omit<Published, "behind">;

/** The rules of any backend that rewrite what comes to this very port. */
export function rulesBehind(
  { protocol, hostAddress, hostPort, containerPort }: Port,
  addresses: readonly string[],
  chains: readonly Chain[],
): { backend: "iptables" | "nftables"; rule: Rule }[] {
  const packet: Packet = {
    family: "ip",
    protocol,
    src: "192.0.2.1",
    dst: hostAddress === "*" ? "192.0.2.2" : hostAddress,
    dport: hostPort,
    ttl: 64,
    ct: { state: "new", direction: "original", nat: [] },
    own: ["192.0.2.2", hostAddress],
  };
  return chains.flatMap(({ backend, rules }) =>
    rules.filter((rule) =>
      rule.statements.some((each) => {
        const to = each.does === "nat" && each.kind === "dnat"
          ? each.to(packet)
          : undefined;
        return to?.address !== undefined && addresses.includes(to.address) &&
          (to.port ?? hostPort) === containerPort;
      }) && matches(rule, packet) !== false
    ).map((rule) => ({
      backend: backend === "nft" ? "nftables" as const : "iptables" as const,
      rule,
    }))
  );
}

function listenersBehind(
  { protocol, hostAddress, hostPort }: Port,
  listeners: readonly Listener[],
): Behind[] {
  return listeners.filter((each) =>
    each.protocol === protocol && each.port === hostPort &&
    (hostAddress === "*" || ["*", hostAddress].includes(each.address))
  ).map(({ program, pid, address }) => ({
    kind: PROXIES.test(program) ? "proxy" : "holder",
    program,
    pid,
    address,
  }));
}

/** Who listens on the machine; none where `ss` is not there. */
async function readListeners(): Promise<Listener[]> {
  const listed = await tryRun("ss -H -n -l -t -u -p".split(" "));
  return parseListeners(listed?.stdout ?? "");
}

/** Reads what `ss -H -n -l -t -u -p` prints. */
export function parseListeners(text: string): Listener[] {
  return text.split("\n").flatMap((line) => {
    const [, protocol, address, port, rest] =
      line.match(/^(\S+) +\S+ +\d+ +\d+ +(\S+?)(?:%\S+)?:(\d+) +\S+(.*)$/) ??
        [];
    if (!protocol) return [];
    const [, program = "", pid] = rest.match(/\(\("([^"]*)",pid=(\d+)/) ?? [];
    const any = ["0.0.0.0", "[::]", "*"].includes(address);
    return [{
      protocol,
      address: any ? (address === "[::]" ? "[::]" : "*") : address,
      port: Number(port),
      program,
      pid: pid ? Number(pid) : undefined,
    }];
  });
}
