/** What a rule of nftables does, see libnftables-json(5), "STATEMENTS". */

import {
  type Json,
  lookUp,
  numberOf,
  type Sets,
  valueOf,
} from "./nft_expressions.ts";
import type { Packet } from "./packet.ts";
import type { Rewrite, Statement, Verdict } from "./ruleset.ts";

/**
 * One statement that is no match. What only counts, logs or changes what no
 * rule asks about is none.
 */
export function readStatement(
  kind: string,
  body: Json,
  sets: Sets,
): Statement[] {
  const plain = verdictOf(kind, body);
  if (plain) return [{ does: "judge", verdict: () => plain }];
  switch (kind) {
    case "vmap":
      return [{
        does: "judge",
        verdict: (packet) => {
          const found = lookUp(body, packet, sets);
          if (found === undefined || found === "unknown") return found;
          const [[verdict, target]] = Object.entries<Json>(found);
          if (verdict === "continue") return undefined;
          return verdictOf(verdict, target) ?? "unknown";
        },
      }];
    case "snat":
    case "dnat":
    case "masquerade":
    case "redirect":
      return nat(kind, body ?? {}, sets);
    case "notrack":
      return [{ does: "notrack" }];
    case "mangle":
      return mangle(body, sets);
    case "tproxy":
    case "synproxy":
      return [{ does: "judge", verdict: () => "unknown" }];
    case "limit":
    case "quota":
    case "xt":
    case "socket":
    case "ct count":
    case "meter":
      return [{ does: "match", test: () => undefined }];
    case "set":
      // With a limit or the like behind it, that decides whether it goes on.
      return body.stmt?.some((each: Json) => !("counter" in each))
        ? [{ does: "match", test: () => undefined }]
        : [];
    default:
      return [];
  }
}

function verdictOf(kind: string, body: Json): Verdict | undefined {
  switch (kind) {
    case "accept":
    case "drop":
    case "return":
      return { kind };
    case "reject":
      return {
        kind,
        with: body?.type === "tcp reset"
          ? "tcp-reset"
          : `icmp-${body?.expr ?? "port-unreachable"}`,
      };
    case "jump":
    case "goto":
      return { kind, chain: body.target };
    case "queue":
    case "fwd":
      return { kind: "queue" };
  }
}

function nat(
  kind: Extract<Statement, { does: "nat" }>["kind"],
  body: Json,
  sets: Sets,
): Statement[] {
  const to = (packet: Packet): Rewrite | undefined => {
    const address = body.addr === undefined
      ? undefined
      : valueOf(body.addr, packet, sets);
    const port = body.port === undefined
      ? undefined
      : valueOf(body.port, packet, sets);
    // A map without an entry for this packet: the rule does not match.
    if (address === null || port === null) return undefined;
    const [first, number] = [address].flat();
    return {
      ...typeof first === "string" ? { address: first } : {},
      ...typeof (port ?? number) === "number"
        ? { port: numberOf(port ?? number) }
        : {},
    };
  };
  return [{ does: "nat", kind, to }];
}

function mangle({ key, value }: Json, sets: Sets): Statement[] {
  const write = (change: (packet: Packet, value?: number) => Packet) => [{
    does: "change" as const,
    change: (packet: Packet) =>
      change(packet, numberOf(valueOf(value, packet, sets))),
  }];
  if (key?.meta?.key === "mark") {
    return write((packet, mark) => ({ ...packet, mark }));
  }
  if (key?.ct?.key === "mark") {
    return write((packet, mark) => ({
      ...packet,
      ct: { ...packet.ct, mark },
    }));
  }
  if (key?.payload?.protocol === "ip" && key.payload.field === "ttl") {
    return write((packet, ttl = packet.ttl) => ({ ...packet, ttl }));
  }
  return [];
}
