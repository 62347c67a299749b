import type { Hit } from "./counted.ts";
import type { Place } from "./places.ts";
import type { Sent } from "./probe.ts";
import type { Exchange, Seen } from "./sighting.ts";
import type { World } from "./world.ts";

/** What the deeds are told from. */
export interface Facts {
  /** The namespaces, as they were before. */
  world: World;
  /** All places where the packet was seen. */
  seen: Seen[];
  /** For whom it was sent. */
  to: string;
  /** The address that it was to be sent from, if one was asked for. */
  source?: string;
  /** What the sender said. */
  sent: Sent;
  /** The number of its IP protocol. */
  protocol: number;
  /** Rules that were hit meanwhile, by namespace. */
  hits: Map<Place, Hit[]>;
}

/** All that a trace is made from. */
export interface Evidenced extends Facts {
  /** Where the packet started. */
  from: Place;
  /** Questions by ARP meanwhile. */
  exchanges: Exchange[];
}

/** Something that was done to the packet. */
export interface Deed {
  /** The namespace whose kernel did it. */
  place: Place;
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
