/** The one packet that is traced: how it is sent, and known again. */

import { type IpHeader, readIp } from "./frame.ts";
import type { Flow } from "../walk/flow.ts";
import type { NamespaceHandle } from "./namespaces.ts";

/** What a packet of a trace is. */
export type Role =
  /** The one that was sent. */
  | "request"
  /** The answer to it. */
  | "reply"
  /** A router's or a host's complaint about one of them, by ICMP. */
  | "complaint";

/** A packet that can be sent and told from all others. */
export interface Probe {
  /** The IP protocol's number. */
  protocol: number;
  /** The address that it is sent from, where that was asked for. */
  source?: string;
  /** What is sent: a command line, or a sentence. */
  what: string;
  /** The same as a walk is asked about it. */
  flow: Flow;
  /** Sends it. Resolves when an answer came, or it has waited enough. */
  send(namespaces: NamespaceHandle[], from: NamespaceHandle): Promise<Sent>;
  /** What this packet, seen there, is to the trace; undefined if nothing. */
  role(ip: IpHeader, namespace: NamespaceHandle): Role | undefined;
  /** What the answer says, if it says more than "I am here". */
  says(answer: Uint8Array): string | undefined;
}

/** What the sender said. */
export interface Sent {
  /** The kernel's or ping's words, where it could not even send. */
  words: string;
  /** Why nothing can be said at all: no right to ping, no ping. */
  blocked: boolean;
  /** Whether the sender got its answer, if it knows. */
  answered?: boolean;
  /** The source address that it chose, if it knows. */
  source?: string;
}

/** What an ICMP error quotes of the packet that it is about, past its IP header. */
export function quoted(ip: IpHeader): Uint8Array<ArrayBuffer> | undefined {
  const isError = [3, 4, 5, 11, 12].includes(ip.payload[0]);
  return isError ? readIp(ip.payload.subarray(8))?.payload : undefined;
}
