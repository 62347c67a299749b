/** How a question is put: what is sent, and what counts as an answer. */

import type { Flow } from "../walk/flow.ts";
import { t } from "../cli/translate.ts";

/** What is sent; a ping where nothing else is asked for. */
export type Means =
  /** A connection is asked for: an answer is whoever accepts it. */
  | { kind: "tcp"; port: number }
  /** A datagram: silence says nothing, since no service has to answer. */
  | { kind: "udp"; port: number }
  /** A question for the address of a name, to a resolver. */
  | { kind: "dns"; name: string; over: "udp" | "tcp" }
  /** A ping as large as the sender's interface takes, that nobody may split. */
  | { kind: "large"; length: number };

/** What a walk is asked about it. */
export function flowOf(to: string, means?: Means): Flow {
  switch (means?.kind) {
    case "tcp":
    case "udp":
      return { protocol: means.kind, dst: to, dport: means.port };
    case "dns":
      return { protocol: means.over, dst: to, dport: 53 };
    case "large":
      return {
        protocol: "icmp",
        dst: to,
        length: means.length,
        dontFragment: true,
      };
    default:
      return { protocol: "icmp", dst: to };
  }
}

/** Protocol and port in short, such as `TCP 80`; "" of a ping. */
export function portOf(means?: Means): string {
  switch (means?.kind) {
    case "tcp":
    case "udp":
      return `${means.kind.toUpperCase()} ${means.port}`;
    case "dns":
      return `${means.over.toUpperCase()} 53`;
    default:
      return "";
  }
}

/** What is asked for beyond a ping, to stand behind the target. */
export function addendum(means?: Means): string {
  switch (means?.kind) {
    case undefined:
      return "";
    case "dns":
      return t` for ${means.name} (${means.over.toUpperCase()})`;
    case "large":
      return t` with ${means.length} bytes`;
    default:
      return ` ${portOf(means)}`;
  }
}
