/** Pairs of veth: which interface is the other end of which. */

/** What an interface tells of its pair, see veth(4). */
export interface VethEnd {
  /** The interface's kind. */
  kind: string;
  /** Unique within its namespace. */
  index: number;
  /** The other end's index, in its own namespace. */
  peerIndex?: number;
  /** Whether the other end is in another namespace. */
  peerElsewhere: boolean;
}

/**
 * Whether two interfaces are the ends of one cable, by what both say: indices
 * alone are the same in many namespaces.
 */
export function isOtherEnd(one: VethEnd, other: VethEnd): boolean {
  return one.kind === "veth" && other.kind === "veth" &&
    other.index === one.peerIndex && other.peerIndex === one.index &&
    other.peerElsewhere === one.peerElsewhere;
}
