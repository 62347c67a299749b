import type { NamespaceHandle } from "./namespaces.ts";
import type { Network } from "../net/network.ts";
import type { RoundTrip } from "../walk/flow.ts";
import type { Probe, Sent } from "./probe.ts";
import type { ArpExchange, Sighting } from "./sighting.ts";
import type { World } from "./world.ts";

/** What the actions are told from. */
export interface Facts {
  /** The namespaces, as they were before. */
  world: World;
  /** All places where the packet was seen. */
  seen: Sighting[];
  /** For whom it was sent. */
  to: string;
  /** For which port, of TCP and UDP. */
  port?: number;
  /** The address that it was to be sent from, if one was asked for. */
  source?: string;
  /** What the sender said. */
  sent: Sent;
  /** The number of its IP protocol. */
  protocol: number;
}

/** All that a trace is made from. */
export interface FullEvidence extends Facts {
  /** Where the packet started. */
  from: NamespaceHandle;
  /** Questions by ARP meanwhile. */
  exchanges: ArpExchange[];
  /** What was sent. */
  probe: Probe;
  /** What was foretold before the packet was sent. */
  foretold: Foretold;
}

/** The ways that a packet may take, as they are foretold. */
export interface Foretold {
  /** The namespaces, as they are while it is told. */
  world: World;
  /** The network that is the reader's own: all but the sandbox's internet. */
  ours: Network;
  /** The ways. */
  trips: readonly RoundTrip[];
}

/** Something that was done to the packet. */
export interface Action {
  /** The namespace whose kernel did it. */
  namespace: NamespaceHandle;
  /** In one word. */
  what:
    | "routed"
    | "forwarded"
    | "switched"
    | "flooded"
    | "kept"
    | "rewritten"
    | "translated back"
    | "answered"
    | "complained";
  /** In a sentence. */
  sentence: string;
  /** The route, the rule or the table's entry behind it, verbatim. */
  because?: string;
}
