import type { Heard } from "./packet_socket.ts";
import type { NamespaceHandle } from "./namespaces.ts";

/** What a packet of a trace is. */
export type Role =
  /** The one that was sent. */
  | "request"
  /** The answer to it. */
  | "reply"
  /** A router's or a host's complaint about one of them, by ICMP. */
  | "complaint";

/** One interface at which one frame was seen. */
export interface Location {
  /** The namespace. */
  namespace: NamespaceHandle;
  /** The interface. */
  link: string;
  /** Whether it came in there or went out. */
  direction: "in" | "out";
  /** Microseconds since our packet's first sighting. */
  time: number;
  /** Who put it on this wire. */
  srcMac: string;
  /** For whom it is on this wire. */
  dstMac: string;
  /** Came in at an interface that it was not meant for. */
  otherhost: boolean;
  /** The frame. */
  heard: Heard;
}

/** One interface at which our packet was seen. */
export interface Sighting extends Location {
  /** Which packet of the conversation. */
  role: Role;
  /** Source address. */
  src: string;
  /** Destination address. */
  dst: string;
  /** The port that it comes from, of TCP and UDP. */
  sport?: number;
  /** The port that it is for. */
  dport?: number;
  /** Time to live. */
  ttl: number;
  /** What is after the IP header. */
  payload: Uint8Array;
}

/** A question by ARP and the answers to it. */
export interface ArpExchange {
  /** Who asks. */
  askerIp: string;
  /** Whose MAC address is wanted. */
  askedIp: string;
  /** Where the question was seen, in order. */
  question: Location[];
  /** Where answers were seen, in order, with what they say. */
  answers: (Location & { mac: string })[];
}
