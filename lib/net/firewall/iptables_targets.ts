/**
 * The target of a rule of iptables: see iptables-extensions(8), "Target
 * extensions".
 */

import type { Packet } from "./packet.ts";
import type { Rewrite, Statement, Verdict } from "./ruleset.ts";

/**
 * What a rule does: from its `-j` or `-g` on. A target that only looks at the
 * packet, or changes what no rule asks about, is no statement.
 */
export function readTarget(
  [option, name = "", ...rest]: readonly string[],
): Statement[] {
  if (option === undefined) return [];
  const value = (...names: string[]) => {
    const at = rest.findIndex((word) => names.includes(word));
    return at < 0 ? undefined : rest[at + 1];
  };
  const end = (verdict: Verdict | "unknown"): Statement[] => [
    { does: "judge", verdict: () => verdict },
  ];
  switch (name) {
    case "ACCEPT":
      return end({ kind: "accept" });
    case "DROP":
      return end({ kind: "drop" });
    case "REJECT":
      return end({
        kind: "reject",
        with: value("--reject-with") ?? "icmp-port-unreachable",
      });
    case "RETURN":
      return end({ kind: "return" });
    case "QUEUE":
    case "NFQUEUE":
      return end({ kind: "queue" });
    case "MASQUERADE":
      return [nat("masquerade", { port: portIn(value("--to-ports")) })];
    case "REDIRECT":
      return [nat("redirect", { port: portIn(value("--to-ports")) })];
    case "SNAT":
      return [nat("snat", readRewrite(value("--to-source")))];
    case "DNAT":
      return [nat("dnat", readRewrite(value("--to-destination")))];
    case "NOTRACK":
      return [{ does: "notrack" }];
    case "CT":
      return rest.includes("--notrack") ? [{ does: "notrack" }] : [];
    case "MARK":
      return [marking(rest)];
    case "CONNMARK":
      return [connmarking(rest)];
    case "TTL":
      return [aging(value)];
    case "NETMAP":
    case "TPROXY":
    case "SYNPROXY":
      return end("unknown");
  }
  if (LOOKING.includes(name)) return [];
  return end({ kind: option === "-g" ? "goto" : "jump", chain: name });
}

/** Targets that look at a packet, or change what no rule here asks about. */
const LOOKING =
  ("AUDIT CHECKSUM CLASSIFY CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED LOG " +
    "NFLOG RATEEST SECMARK SET TCPMSS TCPOPTSTRIP TEE TOS TRACE ULOG")
    .split(" ");

function nat(
  kind: Extract<Statement, { does: "nat" }>["kind"],
  to: Rewrite,
): Statement {
  return { does: "nat", kind, to: () => to };
}

/** `203.0.113.2`, `203.0.113.2:1024-2048`, `:8080`, `10.0.0.1-10.0.0.9`. */
function readRewrite(told = ""): Rewrite {
  const [addresses, ports] = told.split(":");
  const [first, last] = addresses.split("-");
  return {
    // Which one of several, the kernel chooses.
    ...(last === undefined || last === first) && first !== ""
      ? { address: first }
      : {},
    ...ports === undefined ? {} : { port: portIn(ports) },
  };
}

const portIn = (ports: string | undefined): number | undefined =>
  ports === undefined ? undefined : Number(ports.split("-")[0]);

function marking(rest: readonly string[]): Statement {
  const [how, value = "0"] = rest;
  const [text, maskText] = value.split("/");
  const [bits, mask] = [Number(text), Number(maskText ?? "0xffffffff")];
  return {
    does: "change",
    change: (packet) => ({
      ...packet,
      mark: packet.mark === undefined
        ? undefined
        : newMark(how, packet.mark, bits, mask),
    }),
  };
}

function newMark(
  how: string,
  mark: number,
  bits: number,
  mask: number,
): number {
  switch (how) {
    case "--set-mark":
      return ((mark & ~mask) | bits) >>> 0;
    case "--and-mark":
      return (mark & bits) >>> 0;
    case "--or-mark":
      return (mark | bits) >>> 0;
    case "--xor-mark":
      return (mark ^ bits) >>> 0;
    default:
      // --set-xmark: zero what the mask says, then toggle.
      return ((mark & ~mask) ^ bits) >>> 0;
  }
}

/** Between the packet's mark and its connection's. */
function connmarking(rest: readonly string[]): Statement {
  const isPlain = rest.every((word) =>
    word.startsWith("--") || word === "0xffffffff"
  );
  const change = (packet: Packet): Packet => {
    const { ct, mark } = packet;
    if (rest[0] === "--restore-mark") {
      return { ...packet, mark: isPlain ? ct.mark : undefined };
    }
    if (rest[0] === "--save-mark") {
      return { ...packet, ct: { ...ct, mark: isPlain ? mark : undefined } };
    }
    const [bits, mask = "0xffffffff"] = (rest[1] ?? "").split("/");
    return {
      ...packet,
      ct: {
        ...ct,
        mark: ct.mark === undefined
          ? undefined
          : newMark(rest[0], ct.mark, Number(bits), Number(mask)),
      },
    };
  };
  return { does: "change", change };
}

function aging(value: (...names: string[]) => string | undefined): Statement {
  const set = value("--ttl-set");
  const by = Number(value("--ttl-inc") ?? 0) - Number(value("--ttl-dec") ?? 0);
  return {
    does: "change",
    change: (packet) => ({
      ...packet,
      ttl: set === undefined
        ? Math.min(Math.max(packet.ttl + by, 0), 255)
        : Number(set),
    }),
  };
}
