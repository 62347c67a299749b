/** What a router says back of a packet that is too large to be passed on. */

import type { Namespace } from "../net/namespace.ts";
import { homecoming } from "./answer.ts";
import type { RoundTrip } from "./flow.ts";
import { send } from "./send.ts";
import type { Ended } from "./traveller.ts";

/**
 * The request, with each way that the router's complaint may take, where it has
 * to complain: see {@link https://www.rfc-editor.org/rfc/rfc1191 RFC 1191}.
 */
export async function complaintsOf(
  request: Ended,
  home: Namespace,
  asked: string,
): Promise<RoundTrip[]> {
  const { outcome, traveller } = request;
  if (
    outcome.end !== "dropped" || outcome.told !== "fragmentation-needed"
  ) return [{ request }];
  const sent = await send({
    ...traveller,
    protocol: "icmp",
    icmp: { type: 3, code: 4 },
    flags: undefined,
    isError: true,
    // The router speaks by the address that the way back has.
    tuple: { src: "", dst: traveller.tuple.src },
    length: Math.min(576, traveller.length + 28),
    dontFragment: false,
    ttl: 64,
    mark: 0,
    isReply: true,
    untrackedIn: undefined,
    steps: [],
  }, outcome.namespace);
  return homecoming(sent, home, asked).map((complaint) => ({
    request,
    complaint,
  }));
}
