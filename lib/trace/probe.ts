/** The one packet that is traced: how it is sent, and known again. */

import { type IpHeader, readIp } from "./frame.ts";
import type { Flow } from "../walk/flow.ts";
import type { NamespaceHandle } from "./namespaces.ts";
import type { Role, Sighting } from "./sighting.ts";

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
  /** Whether an answer says no. */
  refuses(answer: Sighting): boolean;
  /** What an answer says that does not, if more than "I am here". */
  accepts?: string;
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

/** What an ICMP error quotes of the packet that it is about. */
export function quoted(ip: IpHeader): IpHeader | undefined {
  const isError = [3, 4, 5, 11, 12].includes(ip.payload[0]);
  return isError ? readIp(ip.payload.subarray(8)) : undefined;
}

/** Whether these bytes are somewhere among those. */
export function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = 0; at + part.length <= bytes.length; at++) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}
